import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { chooseCertificate, type SealingCertificate } from "../../seal/certificate.ts";
import { byAge, type OpeningKey, openingKeyOf } from "../../seal/keyring.ts";
import { type ResealedItem, resealItem } from "../../seal/reseal.ts";
import { clusterKeys } from "./cluster_keys.ts";
import { readDigestKeyFile } from "./digest_key.ts";
import { keysOfFiles, preferred } from "./key_files.ts";
import { certificatesOf } from "./known.ts";
import { resealUnitByController, servedCertificate } from "./reseal_by_controller.ts";
import {
  namesCluster,
  openSealingTarget,
  reachController,
  type SealingTargetRequest,
} from "./target.ts";
import type { SealUnit } from "./units.ts";

/** Where the keys are that open and seal. */
export interface ResealerRequest extends SealingTargetRequest {
  /** Files with keys, as typed: backups, Secrets or PEM. */
  keys?: readonly string[];
  /** Read the keys from the cluster, rather than have its controller seal again. */
  fetchKeys?: boolean;
  /** Files with age identities. */
  identity?: readonly string[];
  /** Files with certificates, as typed; the newest of them is sealed with. @default the newest that the keys have */
  cert?: readonly string[];
  /** File with the key of digests. */
  digestKey?: string;
}

/** Brings units to one certificate's key. */
export interface Resealer extends AsyncDisposable {
  /** The certificate. */
  target: SealingCertificate;
  /** What to do about items that it cannot open. */
  remedy: string;
  /** What becomes of each item of a unit, by key. */
  reseal(unit: SealUnit): Promise<Map<string, ResealedItem>>;
  /** Make sure that the certificate still is the newest. @throws {SlipwayError} when it is not */
  confirm(): Promise<void>;
}

/**
 * A resealer with the keys that the command line names: of files, of a cluster, or only its controller.
 *
 * @throws {UsageError} when it names none, or the certificate may not be used
 */
export async function openResealer(
  request: ResealerRequest,
  units: readonly SealUnit[],
  context: Context,
): Promise<Resealer> {
  const { keys = [], fetchKeys = false } = request;
  const isOnCluster = namesCluster(request) || request.platform !== undefined;
  if (keys.length === 0 && !isOnCluster) {
    throw new UsageError("Cannot reseal: nothing says which keys open what is sealed", {
      remedy:
        "name a cluster with --context, whose controller does it, or keys with --keys, such as a backup of `deno task sealing-keys`",
    });
  }
  const resealer = keys.length > 0 || fetchKeys
    ? await withKeys(request, context)
    : await withController(request, context);
  try {
    refuseOtherPin(units, resealer.target);
  } catch (error) {
    await resealer[Symbol.asyncDispose]();
    throw error;
  }
  return resealer;
}

async function withKeys(request: ResealerRequest, context: Context): Promise<Resealer> {
  const { keys = [], fetchKeys = false, identity = [], cert = [], digestKey: file } = request;
  const certificates = await certificatesOf(cert, context);
  const opening = preferred([
    ...await keysOfFiles(keys, { identity, certificates }, context),
    ...(fetchKeys ? await fetchedKeys(request, context) : []),
  ]);
  const known = certificates.length > 0
    ? certificates
    : opening.flatMap(({ certificate }) => certificate ?? []);
  const source = cert.length > 0 ? cert.join(", ") : "the keys";
  if (known.length === 0) {
    throw new UsageError("Cannot reseal: the keys come without certificates", {
      remedy: "name the newest certificate with --cert",
    });
  }
  const target = chooseCertificate(known, { now: context.now(), source });
  const digestKey = file === undefined
    ? undefined
    : await readDigestKeyFile(file, context, identity);
  // Most items have the newest key already.
  const isTarget = (key: OpeningKey) => key.keyFingerprint === target.keyFingerprint;
  const ordered = [...opening.filter(isTarget), ...opening.filter((key) => !isTarget(key))];
  return {
    target,
    remedy: "give the key that was current when they were sealed, with --keys",
    async reseal({ items, ...unit }) {
      const results = new Map<string, ResealedItem>();
      for (const item of items) {
        const options = { opening: ordered, target, ...(digestKey ? { digestKey } : {}) };
        results.set(item.key, await resealItem({ ...unit, ...item }, options));
      }
      return results;
    },
    confirm: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function fetchedKeys(request: ResealerRequest, context: Context): Promise<OpeningKey[]> {
  await using target = await openSealingTarget(request, context);
  const keys = await clusterKeys(target.session.client, target.place.namespace, context);
  if (keys.length === 0) {
    throw new SlipwayError(`There is no sealing key in namespace ${target.place.namespace}`, {
      remedy: "name the controller's namespace with --controller-namespace",
    });
  }
  return await Promise.all(
    byAge(keys).map((key) => openingKeyOf(key, `Secret ${target.place.namespace}/${key.name}`)),
  );
}

async function withController(request: ResealerRequest, context: Context): Promise<Resealer> {
  if (request.digestKey !== undefined || request.cert !== undefined) {
    throw new UsageError(
      "Cannot use --digest-key or --cert when the controller seals again: nobody else sees the values",
      { remedy: "read its keys with --fetch-keys, or leave these options out" },
    );
  }
  const where = await openSealingTarget(request, context);
  try {
    const controller = await reachController(where, request, context);
    const target = await servedCertificate(controller);
    return {
      target,
      remedy:
        "see the controller's log; they may be sealed for another cluster, or a key of this one may be lost: restore it with `deno task sealing-keys restore`",
      reseal: (unit) => resealUnitByController(unit, { controller, target }, context),
      async confirm() {
        const now = await servedCertificate(controller);
        if (now.fingerprint === target.fingerprint) return;
        throw new SlipwayError(
          `The key of ${controller.source} was rotated while it sealed, and no file was changed`,
          { remedy: "run this again", retryable: true },
        );
      },
      async [Symbol.asyncDispose]() {
        controller[Symbol.dispose]();
        await where[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await where[Symbol.asyncDispose]();
    throw error;
  }
}

/** A pin that stayed behind would make the next sealing refuse the key that all values have. */
function refuseOtherPin(units: readonly SealUnit[], { fingerprint }: SealingCertificate): void {
  for (const { place, pinned } of units) {
    if (pinned === undefined || pinned === fingerprint) continue;
    throw new UsageError(
      `Cannot reseal ${place}: its sealing.fingerprint is ${pinned}, the newest key's is ${fingerprint}`,
      { remedy: "if this is the cluster's new key, pin its fingerprint first" },
    );
  }
}
