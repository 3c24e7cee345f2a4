import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { sealedItemsAnnotation } from "../../core/labels.ts";
import type { YamlSetting } from "../../core/yaml_edit.ts";
import { type Document, isObject, readDocuments } from "../../seal/document.ts";
import { plainBytes } from "../../seal/format.ts";
import { sealItems } from "../../seal/items.ts";
import { formatRecords, parseRecords } from "../../seal/record.ts";
import { labelOf, scopeAnnotations, scopeOf } from "../../seal/scope.ts";
import { checkTotal, checkValues } from "../../seal/seal.ts";
import { isSealedSecret, type SealedSecret, sealedSecretOf } from "../../seal/sealed_secret.ts";
import type { PlainSecret } from "../../seal/secret.ts";
import { certificateFor } from "./certificate.ts";
import { setInFile } from "./edit.ts";
import { readNamedText } from "./files.ts";
import { writeFile } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { digestKeyOf, type GivenSecret, readSecrets } from "./seal.ts";

/**
 * Add the values of a Secret to a SealedSecret in a file, sealed for the name, namespace and scope that stand there.
 * Its other values, comments and layout stay; the file is replaced wholly, or not at all.
 *
 * @throws {UsageError} when the file's scope, name or type is not the one that is given
 */
export async function mergeInto(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const file = request.mergeInto!;
  const text = await readNamedText(file, context);
  const document = targetIn(text, file, request);
  const target = sealedSecretOf(document);
  const { name, namespace } = target.metadata;
  const scope = scopeOf(target.metadata.annotations);
  refuseOther("scope", scope, request.scope, file);
  refuseOther("namespace", namespace, request.namespace, file);
  const certificate = await certificateFor(request, context);
  const digestKey = await digestKeyOf(request, context);
  const given = await oneSecret({ ...request, name, namespace: undefined }, streams, context);
  const { secret, place } = given;
  checkType(secret, target, given, file);
  checkValues(secret.values, place);
  const label = labelOf({ name, namespace }, scope);
  const items = await sealItems(secret.values, certificate, {
    namespace,
    name,
    label,
    digestKey,
    earlier: target,
  });
  const all = { ...target.spec.encryptedData, ...items.sealed };
  checkTotal(Object.values(all).reduce((sum, sealed) => sum + plainBytes(sealed), 0), file);
  const records = new Map([
    ...parseRecords(target.metadata.annotations?.[sealedItemsAnnotation]),
    ...items.records,
  ]);
  const changed = setInFile(text, [
    ...settingsIn(document, ["spec", "encryptedData"], items.sealed),
    ...settingsIn(document, ["metadata", "annotations"], {
      [sealedItemsAnnotation]: formatRecords(records),
    }),
    ...metadataSettings(document, secret),
  ], file);
  await writeFile(file, changed, request, context);
  context.emit({
    type: "summary",
    file,
    added: Object.keys(items.sealed).filter((key) => !(key in target.spec.encryptedData)).length,
    replaced: Object.keys(items.sealed).filter((key) =>
      key in target.spec.encryptedData && !items.unchanged.includes(key)
    ).length,
    unchanged: items.unchanged.length,
  });
}

function targetIn(text: string, file: string, { name }: SealSecretRequest): Document {
  const sealed = readDocuments(text, file).filter(isSealedSecret);
  const named = sealed.length < 2 || name === undefined
    ? sealed
    : sealed.filter((document) => sealedSecretOf(document).metadata.name === name);
  const [target] = named;
  if (target !== undefined && named.length === 1) return target;
  throw new UsageError(
    `Cannot merge into ${file}: it has ${sealed.length} SealedSecrets${
      name === undefined ? "" : `, of which ${named.length} have the name ${name}`
    }, wanted one`,
    {
      remedy: sealed.length === 0
        ? "name a file that has one; a new one is written with -w"
        : "say by --name which of them is meant",
    },
  );
}

async function oneSecret(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<GivenSecret> {
  const given = await readSecrets(request, streams, context);
  const [first] = given;
  if (first !== undefined && given.length === 1) {
    if (first.secret.values.size > 0 || request.allowEmptyData) return first;
    throw new UsageError(`Cannot merge ${first.place}: it has neither data nor stringData`, {
      remedy: "add what is to be sealed, or allow this with --allow-empty-data",
    });
  }
  throw new UsageError(`Cannot merge ${given.length} Secrets into one SealedSecret`);
}

function refuseOther(
  what: string,
  found: string | undefined,
  wanted: string | undefined,
  file: string,
): void {
  if (wanted === undefined || wanted === found) return;
  throw new UsageError(
    `Cannot merge into ${file}: its ${what} is ${found ?? "not said"}, --${what} says ${wanted}`,
    { remedy: `leave --${what} out; to change it, all values have to be sealed again` },
  );
}

function checkType(
  secret: PlainSecret,
  target: SealedSecret,
  { place }: GivenSecret,
  file: string,
): void {
  const { type = "Opaque" } = secret;
  const wanted = target.spec.template?.type ?? "Opaque";
  if (secret.type === undefined || type === wanted) return;
  throw new UsageError(
    `Cannot merge ${place} into ${file}: its type is ${type}, the SealedSecret's ${wanted}`,
    { remedy: "leave the type out of the Secret, or seal it as one of its own" },
  );
}

/** Labels and annotations of the Secret that the template has not, or has otherwise; the scope stays the target's. */
function metadataSettings(document: Document, { metadata }: PlainSecret): YamlSetting[] {
  const scopes: readonly string[] = Object.values(scopeAnnotations);
  return ["labels", "annotations"].flatMap((field) => {
    const given = metadata[field];
    if (!isObject(given)) return [];
    const entries = Object.entries(given as Record<string, string>)
      .filter(([key]) => !scopes.includes(key));
    return settingsIn(
      document,
      ["spec", "template", "metadata", field],
      Object.fromEntries(entries),
    );
  });
}

function settingsIn(
  { document, path }: Document,
  below: readonly string[],
  values: Readonly<Record<string, string>>,
): YamlSetting[] {
  return Object.entries(values).map(([key, value]) => ({
    document,
    path: [...path, ...below, key],
    value,
  }));
}
