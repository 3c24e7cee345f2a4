import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { controllerKeyOf, newestKey } from "../../seal/keyring.ts";
import { keySecret, makeSealingKey } from "../../seal/new_key.ts";
import { type ClusterKey, clusterKeys, documentOf } from "./cluster_keys.ts";
import { restartController, servedFingerprint } from "./restart_controller.ts";
import { openSealingTarget, type SealingTargetRequest } from "./target.ts";

/** Whose key is rotated. */
export interface RotateKeyRequest extends SealingTargetRequest {
  /** Bits of the new key's modulus. @default 4096 */
  keySize?: number;
  /** Tell what would be done, and do nothing. */
  dryRun?: boolean;
}

/** A key's time is written in whole seconds; a clock that is this much behind is wrong. */
const mostSkewMs = 5_000;

/**
 * Give a controller a new key, with which it seals from then on; the old ones stay, and open what they have sealed.
 * A rotation that was cut off before the controller took its new key is brought to its end, and no second key made.
 *
 * @throws {SlipwayError} when there is no key yet, or this machine's clock is behind that of the newest
 */
export async function rotateKey(request: RotateKeyRequest, context: Context): Promise<void> {
  const startedAt = context.now();
  await using target = await openSealingTarget(request, context);
  const { session: { client, name: cluster, embedded }, place: { namespace } } = target;
  const keys = await clusterKeys(client, namespace, context);
  const newest = newestKey(keys);
  if (newest === undefined) {
    throw new SlipwayError(
      `Cannot rotate: namespace ${namespace} of ${cluster} has no sealing key`,
      {
        remedy:
          "name the controller's namespace with --controller-namespace; it makes its first key itself",
      },
    );
  }
  const served = await servedFingerprint(target, request, context);
  if (served === undefined) {
    throw new SlipwayError(
      `Cannot rotate: the controller ${namespace}/${target.place.name} does not answer`,
      {
        remedy: "bring it up first: a key that it does not serve helps nobody",
      },
    );
  }
  const isUnfinished = served !== newest.certificate.fingerprint;
  const subject = `sealing key of ${namespace} on ${cluster}`;
  context.emit({
    type: "change",
    phase: "plan",
    action: isUnfinished ? "configured" : "created",
    subject,
    because: isUnfinished
      ? `Secret ${newest.name} is newer than the key that the controller serves`
      : `the newest is of ${newest.certificate.notBefore}`,
  });
  if (request.dryRun) return;
  if (!embedded && !await context.confirm(`Rotate the ${subject}?`)) return;

  const next = isUnfinished
    ? newest
    : await addKey(newest, { client, namespace, bits: request.keySize }, context);
  await restartController(target, next.certificate.fingerprint, request, context);
  context.emit({
    type: "note",
    level: "warning",
    message:
      `no backup has the new key yet: what is sealed from now on would be lost with the cluster`,
    remedy: "back it up now with `deno task sealing-keys backup`",
  });
  context.emit({
    type: "note",
    level: "info",
    message: "what is sealed already opens as before, and should come to the new key",
    remedy:
      "pin the new fingerprint and fetch the certificate where they are kept, then run `deno task reseal-secrets`",
  });
  context.emit({
    type: "summary",
    secret: next.name,
    fingerprint: next.certificate.fingerprint,
    notBefore: next.certificate.notBefore.toString(),
    keys: keys.length + (isUnfinished ? 0 : 1),
    durationMs: elapsedMs(startedAt, context),
  });
}

async function addKey(
  newest: Pick<ClusterKey, "certificate">,
  { client, namespace, bits }: {
    client: ClusterClient;
    namespace: string;
    bits: number | undefined;
  },
  context: Context,
): Promise<Pick<ClusterKey, "name" | "certificate">> {
  const { certificate: { notBefore } } = newest;
  const aheadMs = notBefore.since(context.now()).total("milliseconds") + 1_000;
  if (aheadMs > mostSkewMs) {
    throw new SlipwayError(
      `Cannot rotate: the newest key is of ${notBefore}, and here it is ${context.now()}; the controller would go on with the old one`,
      { remedy: "set the clock of this machine, or that of the cluster's nodes" },
    );
  }
  // Keys of one second have no order.
  if (aheadMs > 0) await sleepFor(aheadMs, context.signal);
  return await step(context, "Make a key", async () => {
    const made = await makeSealingKey({
      notBefore: context.now(),
      ...(bits === undefined ? {} : { bits }),
    });
    context.redactor.add(made.privateKey);
    const manifest = keySecret(made, { namespace, random: context.random });
    const object = await client.create(manifest, { signal: context.signal });
    return await controllerKeyOf(documentOf({ ...manifest, ...object }));
  });
}
