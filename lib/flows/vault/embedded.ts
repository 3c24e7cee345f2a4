import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ClusterVault, Platform } from "../../platform/types.ts";
import type { Session } from "../session.ts";
import type { VaultHosting } from "./hosting.ts";

/**
 * The servers of a Vault as processes beside an embedded cluster.
 *
 * @throws {SlipwayError} when the cluster does not run them
 */
export function embeddedHosting(
  session: Session,
  name: string,
  _vault: ClusterVault,
  _platform: Platform,
  _context: Context,
): Promise<VaultHosting> {
  return Promise.reject(
    new SlipwayError(`The embedded cluster ${session.name} does not run the Vault ${name}`, {
      remedy: "start it with `deno task install-vault`, or name a server with --address",
    }),
  );
}
