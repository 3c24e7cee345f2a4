import type { Context } from "../../core/context.ts";
import { type ExitCode, UsageError } from "../../core/errors.ts";
import type { Mode } from "./mode.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { seal } from "./seal.ts";

export type { SealSecretRequest, Streams } from "./request.ts";

/** What `seal-secret` can do besides sealing documents; one at a time. */
const modes: Readonly<Record<Mode, string>> = {
  fetchCert: "--fetch-cert",
  mergeInto: "--merge-into",
  platform: "--platform",
  raw: "--raw",
  reEncrypt: "--re-encrypt",
  recoveryUnseal: "--recovery-unseal",
  validate: "--validate",
};

/**
 * Do what the command line asks of `seal-secret`, as kubeseal would.
 *
 * @throws {UsageError} when it asks for two things at once
 */
export async function sealSecretTask(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<ExitCode | void> {
  const asked = Object.entries(modes).filter(([mode]) => request[mode as Mode] !== undefined);
  if (asked.length > 1) {
    throw new UsageError(`Cannot do several things at once: ${asked.map(([, flag]) => flag)}`, {
      remedy: "give only one of them",
    });
  }
  if ((request.keys ?? []).length > 0 && request.platform === undefined) {
    throw new UsageError(`Cannot tell what ${request.keys!.join(", ")} is meant for`, {
      remedy: "name the platform with --platform, or ask for a value with --from-prompt <key>",
    });
  }
  if (request.recoveryPrivateKey !== undefined && request.recoveryUnseal === undefined) {
    throw new UsageError("Cannot use --recovery-private-key without --recovery-unseal");
  }
  const mode = asked[0]?.[0] as Mode | undefined;
  if (mode === undefined) return await seal(request, streams, context);
  if (mode === "raw") {
    const { sealRaw } = await import(
      new URL("./raw.ts", import.meta.url).href
    ) as typeof import("./raw.ts");
    return await sealRaw(request, streams, context);
  }
  // Deno reads what an import names before anything runs, and all this takes longer than to seal.
  const { doInstead } = await import(
    new URL("./modes.ts", import.meta.url).href
  ) as typeof import("./modes.ts");
  return await doInstead(mode, request, streams, context);
}
