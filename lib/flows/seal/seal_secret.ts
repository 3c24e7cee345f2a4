import type { Context } from "../../core/context.ts";
import { type ExitCode, UsageError } from "../../core/errors.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

export type { SealSecretRequest, Streams } from "./request.ts";

/** What `seal-secret` can do besides sealing documents; one at a time. */
const modes = {
  fetchCert: "--fetch-cert",
  mergeInto: "--merge-into",
  platform: "--platform",
  raw: "--raw",
  reEncrypt: "--re-encrypt",
  recoveryUnseal: "--recovery-unseal",
  validate: "--validate",
} as const;

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
  const asked = Object.entries(modes).filter(([mode]) =>
    request[mode as keyof typeof modes] !== undefined
  );
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
  // Each is loaded alone: most of the time of one sealing is the start of the process.
  switch (asked[0]?.[0] as keyof typeof modes | undefined) {
    case "fetchCert":
      return await (await import("./fetch_certificate.ts")).printCertificate(
        request,
        streams,
        context,
      );
    case "mergeInto":
      return await (await import("./merge_into.ts")).mergeInto(request, streams, context);
    case "platform":
      return await (await import("./seal_platform.ts")).sealIntoPlatform(
        { ...request, platform: request.platform! },
        streams,
        context,
      );
    case "raw":
      return await (await import("./raw.ts")).sealRaw(request, streams, context);
    case "reEncrypt":
      return await (await import("./re_encrypt.ts")).reEncrypt(request, streams, context);
    case "recoveryUnseal":
      return await (await import("./recover.ts")).recover(request, streams, context);
    case "validate":
      return await (await import("./validate.ts")).validate(request, streams, context);
    case undefined:
      return await (await import("./seal.ts")).seal(request, streams, context);
  }
}
