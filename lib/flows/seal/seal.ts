import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { SealingCertificate } from "../../seal/certificate.ts";
import type { DigestKey } from "../../seal/digest.ts";
import { Malformed } from "../../seal/errors.ts";
import { type SealOptions, sealSecret } from "../../seal/seal.ts";
import { isSealedSecret, type SealedSecret, sealedSecretOf } from "../../seal/sealed_secret.ts";
import { type PlainSecret, secretOf } from "../../seal/secret.ts";
import { readText } from "../../seal/texts.ts";
import { certificateFor } from "./certificate.ts";
import { documentsOf, type Input, readInputs } from "./inputs.ts";
import { isFolder, type Result, textIfThere, writeResults } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { hide, readValues } from "./values.ts";

/** A Secret, and where it comes from. */
export interface GivenSecret {
  /** The Secret, with the name and namespace that the command line gives it. */
  secret: PlainSecret;
  /** Where it comes from, for messages. */
  place: string;
  /** The input that it stands in. */
  input: Input;
}

/**
 * Seal all Secrets of the input, and write them as SealedSecrets.
 *
 * @throws {UsageError} when a Secret cannot be sealed as it is; then nothing is written
 */
export async function seal(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  // Nobody is asked for values before it is known that they can be sealed.
  const certificate = await certificateFor(request, context);
  const digestKey = await digestKeyOf(request, context);
  const given = await readSecrets(request, streams, context);
  const { scope, allowEmptyData } = request;
  const results = await sealAll(given, certificate, async (each) => ({
    scope,
    allowEmptyData,
    digestKey,
    // Without the key nobody knows whether a value changed.
    earlier: digestKey === undefined ? undefined : await earlierOf(each, request, context),
  }));
  const files = await writeResults(results, request, { streams, context });
  if (files === 0 && !request.json) return;
  context.emit({
    type: "summary",
    sealed: given.length,
    values: given.reduce((sum, { secret }) => sum + secret.values.size, 0),
    files,
  });
}

/**
 * The Secrets that the command line means: documents, or one that is made of `--from-…`. The redactor learns all
 * values.
 */
export async function readSecrets(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<GivenSecret[]> {
  const { name, namespace, fromFile, fromLiteral, fromPrompt } = request;
  if (fromFile !== undefined || fromLiteral !== undefined || fromPrompt !== undefined) {
    if (request.secretFile !== undefined) {
      throw new UsageError("Cannot take values from both a Secret of -f and --from-…", {
        remedy: "give only one of them",
      });
    }
    const values = await readValues(request, streams, context);
    const source = "the command line";
    const secret = { name, namespace, metadata: {}, values };
    return [{ secret, place: source, input: { source, text: "" } }];
  }
  const inputs = await readInputs(request, streams, context);
  const given: GivenSecret[] = [];
  for (const input of inputs) {
    for (const document of await documentsOf(input, "Secret")) {
      const secret = secretOf(document);
      for (const plain of secret.values.values()) hide(plain, context);
      given.push({ secret, place: document.place, input });
    }
  }
  if (given.length === 0) {
    const sources = inputs.map(({ source }) => source);
    const more = sources.length > 3 ? `, and ${sources.length - 3} more` : "";
    throw new Malformed(
      `Cannot seal: there is no Secret in ${sources.slice(0, 3).join(", ")}${more}`,
    );
  }
  if (name !== undefined && given.length > 1) {
    throw new UsageError(`Cannot give ${given.length} Secrets the one name ${name}`, {
      remedy: "leave --name out, or seal them one by one",
    });
  }
  return given.map((each) => ({ ...each, secret: named(each, { name, namespace }) }));
}

async function sealAll(
  given: readonly GivenSecret[],
  certificate: SealingCertificate,
  optionsFor: (each: GivenSecret) => Promise<Partial<SealOptions>>,
): Promise<Result[]> {
  // All at once: the keys are encrypted by as many threads as there are.
  const all = await Promise.all(given.map(async (each) => ({
    input: each.input,
    sealed: await sealSecret(each.secret, certificate, {
      ...await optionsFor(each),
      place: each.place,
    }),
  })));
  const objects = Map.groupBy(all, ({ input }) => input);
  return [...objects].map(([input, those]) => ({
    input,
    objects: those.map(({ sealed }) => sealed),
  }));
}

function named(
  { secret, place }: GivenSecret,
  { name, namespace }: Pick<SealSecretRequest, "name" | "namespace">,
): PlainSecret {
  if (
    namespace !== undefined && secret.namespace !== undefined && namespace !== secret.namespace
  ) {
    throw new UsageError(
      `Cannot seal ${place} for the namespace ${namespace}: its own is ${secret.namespace}`,
      { remedy: "leave --namespace out, or change metadata.namespace" },
    );
  }
  return {
    ...secret,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** The digest key that the command line names, if any. */
export async function digestKeyOf(
  { digestKey, identity }: Pick<SealSecretRequest, "digestKey" | "identity">,
  context: Context,
): Promise<DigestKey | undefined> {
  if (digestKey === undefined) return undefined;
  const { readDigestKeyFile } = await import(
    new URL("./digest_key.ts", import.meta.url).href
  ) as typeof import("./digest_key.ts");
  return await readDigestKeyFile(digestKey, context, identity);
}

/** What stands in the output file already. */
async function earlierOf(
  { secret, input }: GivenSecret,
  { sealedSecretFile: out }: SealSecretRequest,
  context: Context,
): Promise<SealedSecret | undefined> {
  if (out === undefined) return undefined;
  const file = await isFolder(out, context) ? `${out}/${input.relative}` : out;
  const text = await textIfThere(file, context);
  return text === undefined ? undefined : await found(text, file, secret);
}

async function found(
  text: string,
  file: string,
  secret: PlainSecret,
): Promise<SealedSecret | undefined> {
  return (await readText(text, file)).filter(isSealedSecret).map(sealedSecretOf).find(
    ({ metadata }) =>
      metadata.name === secret.name && (metadata.namespace ?? "") === (secret.namespace ?? ""),
  );
}
