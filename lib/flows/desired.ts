import type { Context } from "../core/context.ts";
import type { KubeObject, Manifest } from "../core/object.ts";
import { step } from "../core/steps.ts";
import { crdManifests } from "./crds.ts";
import { definitionsFor, definitionsUsedBy } from "./definitions.ts";
import { withoutReal } from "./embedded/live_placeholders.ts";
import { placeholderSecrets } from "./embedded/placeholders.ts";
import type { RenderedPlatform } from "./render/render.ts";
import type { Session } from "./session.ts";
import { refuseUnsealed } from "./unsealed.ts";

/** What a cluster is to have, and what of it was read from there already. */
export interface Desired {
  /** Manifests of all objects. */
  manifests: Manifest[];
  /** Live objects that a plan need not read again. */
  known: KubeObject[];
}

/**
 * All that one cluster is to have: the definitions that the platform's custom resources need, its own
 * objects, and, on the embedded cluster only, placeholders for Secrets that nobody would deliver there.
 *
 * @throws {UsageError} when secrets are not sealed yet, and it is not the embedded cluster
 */
export async function desiredManifests(
  session: Session,
  { platform, manifests }: RenderedPlatform,
  context: Context,
): Promise<Desired> {
  if (!session.embedded) refuseUnsealed(platform);
  const definitions = await step(
    context,
    "Get the definitions of custom resources",
    async () => {
      const all = await crdManifests(manifests, context);
      // Elsewhere than on the embedded cluster operators run, and they want every kind of their release.
      const wanted = session.embedded ? definitionsUsedBy(manifests, all) : all;
      return await definitionsFor(session.client, wanted, context);
    },
    ({ wanted }) => `${wanted.length} definitions`,
  );
  const placeholders = session.embedded
    ? await withoutReal(
      session.client,
      await placeholderSecrets(platform, manifests, session.operators),
      context.signal,
    )
    : [];
  return {
    manifests: [...definitions.wanted, ...manifests, ...placeholders],
    known: definitions.live,
  };
}
