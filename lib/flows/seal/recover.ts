import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readPrivateKeys } from "../../seal/private_keys.ts";
import { secretDocument, unsealSecret } from "../../seal/unseal.ts";
import { readNamedText } from "./files.ts";
import type { Input } from "./inputs.ts";
import { writeResults } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { readSealed } from "./sealed_inputs.ts";
import { hide } from "./values.ts";

/**
 * Open SealedSecrets with private keys, without a cluster, and write them as Secrets in plain.
 *
 * @throws {CannotUnseal} when a value cannot be opened; then nothing is written
 */
export async function recover(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const { recoveryPrivateKey: files = [] } = request;
  if (files.length === 0) {
    throw new UsageError("Cannot open without a private key", {
      remedy: "name files with the controller's keys by --recovery-private-key",
    });
  }
  const privateKeys: CryptoKey[] = [];
  for (const file of files) {
    const text = await readNamedText(file, context);
    const keys = await readPrivateKeys(text, file, context.redactor.add);
    privateKeys.push(...keys.map(({ privateKey }) => privateKey));
  }
  const objects = new Map<Input, object[]>();
  for (const { sealed, place, input } of await readSealed(request, streams, context)) {
    const secret = await unsealSecret(sealed, privateKeys, place);
    for (const plain of secret.values.values()) hide(plain, context);
    objects.set(input, [...objects.get(input) ?? [], secretDocument(secret)]);
    if (secret.templated.length === 0) continue;
    context.emit({
      type: "note",
      level: "warning",
      message: `left out of ${place}: ${
        secret.templated.join(", ")
      }, which the controller makes from spec.template.data`,
    });
  }
  const results = [...objects].map(([input, objects]) => ({ input, objects }));
  await writeResults(results, request, { streams, context, mode: 0o600 });
}
