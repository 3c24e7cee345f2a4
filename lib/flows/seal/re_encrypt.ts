import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { sealedItemsAnnotation } from "../../core/labels.ts";
import type { YamlSetting } from "../../core/yaml_edit.ts";
import { readCertificates } from "../../seal/certificate.ts";
import { readDocuments, writeDocuments } from "../../seal/document.ts";
import { formatRecords, itemDigest, type SealRecord } from "../../seal/record.ts";
import { labelOf, scopeOf } from "../../seal/scope.ts";
import { rotatedItems, rotationRequest } from "../../seal/rotation.ts";
import { type Controller, openController } from "./controller.ts";
import { setInFile } from "./edit.ts";
import type { Input } from "./inputs.ts";
import { isFolder, writeFile } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { type GivenSealed, readSealed } from "./sealed_inputs.ts";

/**
 * Have the controller seal the values of SealedSecrets again with its newest key. Only the ciphertexts are taken from
 * its answer, since it would drop the rest: labels and annotations of the SealedSecret, and templates of values.
 * Without another output each file is changed in its place.
 *
 * @throws {SlipwayError} when the controller cannot open one; then no file is changed
 */
export async function reEncrypt(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const given = await readSealed(request, streams, context);
  using controller = await openController(request, context);
  const certificate = await newestFingerprint(controller);
  const texts = new Map<Input, string>();
  for (const [input, documents] of Map.groupBy(given, ({ input }) => input)) {
    const settings: YamlSetting[] = [];
    for (const each of documents) settings.push(...await resealed(each, controller, certificate));
    texts.set(input, setInFile(input.text, settings, input.source));
  }
  await write(texts, request, { streams, context });
}

async function resealed(
  { sealed, place, document, path }: GivenSealed,
  controller: Controller,
  certificate: string,
): Promise<YamlSetting[]> {
  const { name, namespace = "", annotations } = sealed.metadata;
  const scope = scopeOf(annotations);
  const items = Object.entries(sealed.spec.encryptedData).map(([key, sealed]) => ({ key, sealed }));
  const request = rotationRequest({ name, namespace, scope, items });
  const { status, text } = await controller.ask("POST", "/v1/rotate", JSON.stringify(request));
  if (status !== 200) {
    throw new SlipwayError(
      `The controller ${controller.source} cannot open ${name} of ${place} (it answers ${status})`,
      {
        remedy:
          "it was sealed for another cluster, or for another name, namespace or scope: seal it again with the certificate of this one",
      },
    );
  }
  const encrypted = rotatedItems(text, controller.source);
  const label = labelOf({ name, namespace }, scope);
  const records = new Map<string, SealRecord>();
  const settings: YamlSetting[] = [];
  for (const { key } of items) {
    const value = encrypted[key];
    if (value === undefined) continue;
    records.set(key, { certificate, label, item: await itemDigest(value) });
    settings.push({ document, path: [...path, "spec", "encryptedData", key], value });
  }
  return [...settings, {
    document,
    path: [...path, "metadata", "annotations", sealedItemsAnnotation],
    value: formatRecords(records),
  }];
}

/** The controller seals again with the key whose certificate it serves. */
async function newestFingerprint(controller: Controller): Promise<string> {
  const { text } = await controller.ask("GET", "/v1/cert.pem");
  const [certificate] = await readCertificates(text, controller.source);
  return certificate!.fingerprint;
}

async function write(
  texts: ReadonlyMap<Input, string>,
  request: SealSecretRequest,
  { streams, context }: { streams: Streams; context: Context },
): Promise<void> {
  const { sealedSecretFile: out, dryRun, format } = request;
  const intoFolder = out !== undefined && await isFolder(out, context);
  if (texts.size > 1 && out !== undefined && !intoFolder) {
    throw new UsageError(`Cannot write ${texts.size} files as the one file ${out}`, {
      remedy: "leave -w out to change each in its place, or name a folder",
    });
  }
  let changed = 0;
  for (const [input, text] of texts) {
    const written = format === undefined
      ? text
      : writeDocuments(readDocuments(text, input.source).map(({ value }) => value), format);
    const file = intoFolder ? `${out}/${input.relative}` : out ?? input.file;
    if (file === undefined) {
      if (!dryRun) streams.write(written);
    } else if (await writeFile(file, written, { dryRun }, context)) changed++;
  }
  context.emit({ type: "summary", reEncrypted: texts.size, files: changed });
}
