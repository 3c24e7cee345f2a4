import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { sealValue } from "../../seal/format.ts";
import { checkSealedName, labelOf, type SealedName } from "../../seal/scope.ts";
import { checkValues } from "../../seal/seal.ts";
import { certificateFor } from "./certificate.ts";
import { writeFile } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { hide, readValues } from "./values.ts";

/** Key of a bare value that has none. */
const noKey = "value";

/**
 * Seal one bare value, and write its ciphertext alone, for somebody to put in its place.
 *
 * @throws {UsageError} when the scope needs a name or a namespace that is not given, or there are several values
 */
export async function sealRaw(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const scope = request.scope ?? "strict";
  const label = labelOf(request as SealedName, scope);
  const { publicKey } = await certificateFor(request, context);
  const values = await bareValue(request, streams, context);
  checkSealedName(request, "the value");
  checkValues(values, "the value");
  const [plain] = values.values();
  const sealed = await sealValue(plain!, publicKey, label);
  if (request.sealedSecretFile !== undefined) {
    await writeFile(request.sealedSecretFile, sealed, request, context);
  } else if (!request.dryRun) {
    streams.write(request.json ? `${JSON.stringify({ sealed, scope, label })}\n` : sealed);
  }
}

async function bareValue(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  if (request.secretFile !== undefined) {
    throw new UsageError("Cannot seal a bare value from -f, which names Secrets", {
      remedy: "name its file with --from-file, or leave --raw out",
    });
  }
  const values = await readValues(request, streams, context);
  if (values.size > 1) {
    throw new UsageError(`Cannot seal ${values.size} values with --raw, which seals one`, {
      remedy: "call it once for each, or leave --raw out and give --name",
    });
  }
  if (values.size === 1) return values;
  if (streams.stdinIsTerminal) {
    context.emit({
      type: "note",
      level: "info",
      message: "reading the value from standard input, with its line breaks; end it with Ctrl-D",
    });
  }
  const plain = await streams.stdin();
  hide(plain, context);
  return new Map([[noKey, plain]]);
}
