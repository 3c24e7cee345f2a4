import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import { step } from "../../core/steps.ts";
import { clusterOperators } from "../embedded/operators.ts";
import { restartService } from "../embedded/services.ts";
import { servedCertificate } from "./reseal_by_controller.ts";
import { reachController, type SealingTarget, type SealingTargetRequest } from "./target.ts";

/** Longest that a controller may take to serve after its restart, in milliseconds: its image may have to be pulled. */
const timeoutMs = 180_000;

/** How often it is asked meanwhile, in milliseconds: it cannot tell. */
const askEveryMs = 50;

/** Fingerprint of the certificate that a controller serves; undefined when it does not run. */
export async function servedFingerprint(
  target: SealingTarget,
  request: SealingTargetRequest,
  context: Context,
): Promise<string | undefined> {
  try {
    using controller = await reachController(target, request, context);
    return (await servedCertificate(controller)).fingerprint;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Restart a controller, which looks for its keys only at its start, and wait until it serves a certificate.
 * Source: sealed-secrets, pkg/controller initKeyRegistry.
 *
 * @throws {TimedOut} when it does not
 */
export async function restartController(
  target: SealingTarget,
  wanted: string,
  request: SealingTargetRequest,
  context: Context,
): Promise<void> {
  await step(context, "Restart the controller with its keys", async () => {
    await restart(target, context);
    const deadline = performance.now() + timeoutMs;
    let found = "nothing yet";
    for (;;) {
      try {
        using controller = await reachController(target, request, context);
        const { fingerprint } = await servedCertificate(controller);
        if (fingerprint === wanted) return;
        found = `the certificate ${fingerprint}`;
      } catch (error) {
        context.signal.throwIfAborted();
        found = messageOf(error);
      }
      if (performance.now() > deadline) {
        throw new TimedOut(
          `The controller does not serve the certificate ${wanted} ${
            timeoutMs / 1000
          } s after its restart; found: ${found}`,
          {
            remedy:
              `see why with \`kubectl -n ${target.place.namespace} logs deployment/${target.place.name}\`; the keys themselves are in the cluster`,
          },
        );
      }
      await sleepFor(askEveryMs, context.signal);
    }
  });
}

async function restart({ session, place }: SealingTarget, context: Context): Promise<void> {
  if (session.embedded) {
    const running = await clusterOperators(session.name, context);
    if (!running.some(({ name }) => name === "sealed-secrets")) {
      throw new SlipwayError(
        `The embedded cluster ${session.name} has no Sealed Secrets controller`,
        { remedy: "start it with `deno task cluster up --operators sealed-secrets`" },
      );
    }
    await restartService(session.name, "sealed-secrets", context);
    return;
  }
  // As `kubectl rollout restart` does. Source: kubectl, pkg/polymorphichelpers defaultObjectRestarter.
  const restartedAt = { "kubectl.kubernetes.io/restartedAt": context.now().toString() };
  await session.client.patch(
    { apiVersion: "apps/v1", kind: "Deployment", ...place },
    { spec: { template: { metadata: { annotations: restartedAt } } } },
    { fieldManager: "slipway-sealing-keys", signal: context.signal },
  );
}
