import type { Context } from "../../core/context.ts";
import type { ExitCode } from "../../core/errors.ts";
import type { Mode } from "./mode.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

/** Do what is asked for instead of sealing documents. */
export async function doInstead(
  mode: Exclude<Mode, "raw">,
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<ExitCode | void> {
  switch (mode) {
    case "fetchCert": {
      const { printCertificate } = await import("./fetch_certificate.ts");
      return await printCertificate(request, streams, context);
    }
    case "mergeInto": {
      const { mergeInto } = await import("./merge_into.ts");
      return await mergeInto(request, streams, context);
    }
    case "platform": {
      const { sealIntoPlatform } = await import("./seal_platform.ts");
      const platform = request.platform!;
      return await sealIntoPlatform({ ...request, platform }, streams, context);
    }
    case "reEncrypt": {
      const { reEncrypt } = await import("./re_encrypt.ts");
      return await reEncrypt(request, streams, context);
    }
    case "recoveryUnseal": {
      const { recover } = await import("./recover.ts");
      return await recover(request, streams, context);
    }
    case "validate": {
      const { validate } = await import("./validate.ts");
      return await validate(request, streams, context);
    }
  }
}
