import { dirname, resolve } from "node:path";
import { closest } from "../../core/closest.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { sealedItemsAnnotation } from "../../core/labels.ts";
import type { YamlSetting } from "../../core/yaml_edit.ts";
import { type PlacedSecret, placedSecrets } from "../../platform/sealed_values.ts";
import { loadPlatform } from "../../platform/load.ts";
import { controllerPlace, usualController } from "../../platform/sealing.ts";
import type { SealingCertificate } from "../../seal/certificate.ts";
import type { DigestKey } from "../../seal/digest.ts";
import { sealItems } from "../../seal/items.ts";
import { formatRecord, formatRecords, parseRecord } from "../../seal/record.ts";
import { labelOf } from "../../seal/scope.ts";
import { checkValues } from "../../seal/seal.ts";
import { sealedApiVersion, type SealedSecret } from "../../seal/sealed_secret.ts";
import { readPlatformFile } from "../render/render.ts";
import { certificateFor } from "./certificate.ts";
import { setInFile } from "./edit.ts";
import { writeNamedFile } from "./files.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { readValues } from "./values.ts";

/** What is to be sealed into a platform file. */
export interface SealPlatformRequest extends SealSecretRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Keys whose values are asked for; those that are not sealed yet when nothing is named. */
  keys?: readonly string[];
}

/**
 * Seal values into a platform file, for the name, namespace and scope that stand there: comments and layout stay, and
 * the file is replaced wholly or not at all. The certificate that the file pins is the only one that is taken.
 *
 * @throws {UsageError} when the platform has no such secret or key, or the certificate is not the pinned one
 */
export async function sealIntoPlatform(
  request: SealPlatformRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const { file, text } = await readPlatformFile(request.platform, context);
  const { environment } = loadPlatform(text, { file, environment: request.env });
  const placed = chosen(placedSecrets(text, { file }), environment, request.name, file);
  const { name, secret, platform } = placed;
  const { namespace, scope } = secret;
  const certificate = await certificateOf(request, placed, file, context);
  const digestKey = await digestKeyOf(request, placed, file, context);
  const keys = keysOf(request, placed);
  const values = await readValues({ ...request, fromPrompt: keys }, streams, context);
  for (const key of values.keys()) refuseUnknown(key, placed);
  checkValues(values, `${namespace}/${name}`);

  const label = labelOf({ name, namespace }, scope);
  const items = await sealItems(values, certificate, {
    namespace,
    name,
    label,
    earlier: asObject(placed),
    ...(digestKey === undefined ? {} : { digestKey }),
  });
  const settings = [...values.keys()].filter((key) => !items.unchanged.includes(key))
    .flatMap((key): YamlSetting[] => {
      const at = placed.placeOf(key);
      const path = at?.[0] === "environments" ? at : placed.newPlace;
      const record = formatRecord(items.records.get(key)!);
      return [
        { path: [...path, "sealed", key], value: items.sealed[key]! },
        { path: [...path, "sealedWith", key], value: record },
      ];
    });
  const changed = setInFile(text, settings, file);
  const after = loadPlatform(changed, { file, environment }).sealedSecrets[name]?.sealed ?? {};
  for (const [key, sealed] of Object.entries(items.sealed)) {
    if (after[key] === sealed) continue;
    throw new SlipwayError(`Cannot write ${key} into ${file}: its layout is not understood`, {
      remedy: `write sealedSecrets.${name} line by line, and try again; the file was not changed`,
    });
  }
  if (!request.dryRun && changed !== text) {
    await writeNamedFile(resolve(context.cwd, file), changed, context);
  }
  for (const key of values.keys()) {
    context.emit({
      type: "change",
      phase: request.dryRun ? "plan" : "apply",
      action: items.unchanged.includes(key)
        ? "unchanged"
        : key in secret.sealed
        ? "configured"
        : "created",
      subject: `${key} of ${namespace}/${name} in ${file}`,
    });
  }
  context.emit({
    type: "summary",
    file,
    environment: platform.environment,
    sealed: values.size - items.unchanged.length,
    unchanged: items.unchanged.length,
  });
}

function chosen(
  all: readonly PlacedSecret[],
  environment: string,
  wanted: string | undefined,
  file: string,
): PlacedSecret {
  const known = all.filter((placed) => placed.environment === environment);
  if (known.length === 0) {
    throw new UsageError(`Cannot seal into ${file}: it declares no sealed secret`, {
      remedy: "declare it under sealedSecrets, with its namespace and keys",
    });
  }
  const names = known.map(({ name }) => name);
  if (wanted === undefined) {
    throw new UsageError(`Cannot choose a Secret of ${file}: it has ${names.join(", ")}`, {
      remedy: "name one with --name",
    });
  }
  const found = known.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const guess = closest(wanted, names);
  throw new UsageError(
    `Cannot seal ${wanted}: sealedSecrets of ${file} has ${names.join(", ")}`,
    {
      remedy: guess === undefined
        ? "declare it there, with its namespace and keys"
        : `did you mean ${guess}?`,
    },
  );
}

/** Keys to ask for: those that are named, or else those that have no value yet. */
function keysOf(
  { keys = [], fromPrompt = [], fromFile = [], fromLiteral = [] }: SealPlatformRequest,
  placed: PlacedSecret,
): string[] {
  const asked = [...new Set([...keys, ...fromPrompt])];
  for (const key of asked) refuseUnknown(key, placed);
  if (asked.length > 0 || fromFile.length > 0 || fromLiteral.length > 0) return asked;
  const { secret, name } = placed;
  const open = secret.keys.filter((key) => secret.sealed[key] === undefined);
  if (open.length > 0) return open;
  throw new UsageError(
    `Nothing is left to seal: ${name} has values for ${secret.keys.join(", ")}`,
    {
      remedy: "name the key whose value is to be another",
    },
  );
}

function refuseUnknown(key: string, { secret: { keys }, name }: PlacedSecret): void {
  if (keys.includes(key)) return;
  const guess = closest(key, keys);
  throw new UsageError(`Cannot seal ${key}: the keys of ${name} are ${keys.join(", ")}`, {
    remedy: guess === undefined
      ? `add it to sealedSecrets.${name}.keys first`
      : `did you mean ${guess}?`,
  });
}

async function certificateOf(
  request: SealPlatformRequest,
  { platform }: PlacedSecret,
  file: string,
  context: Context,
): Promise<SealingCertificate> {
  const { sealing, target } = platform;
  const place = controllerPlace(platform);
  const besideFile = (path: string) => resolve(context.cwd, dirname(file), path);
  const isNamed = request.kubeconfig !== undefined || request.context !== undefined;
  const cert = request.cert ??
    (isNamed || sealing?.certificate === undefined ? undefined : besideFile(sealing.certificate));
  return await certificateFor({
    ...request,
    ...(cert === undefined ? {} : { cert }),
    ...(isNamed || target?.context === undefined ? {} : { context: target.context }),
    // What was not typed is where the platform has its controller.
    controllerNamespace: request.controllerNamespace === usualController.namespace
      ? place.namespace
      : request.controllerNamespace,
    fingerprint: sealing?.fingerprint === undefined ? request.fingerprint : [sealing.fingerprint],
  }, context);
}

async function digestKeyOf(
  { digestKey, identity = [] }: SealPlatformRequest,
  { platform: { sealing } }: PlacedSecret,
  file: string,
  context: Context,
): Promise<DigestKey | undefined> {
  const own = sealing?.digestKey;
  if (digestKey === undefined && own !== undefined && identity.length === 0) {
    context.emit({
      type: "note",
      level: "info",
      message:
        "values are sealed anew even where they did not change: no identity opens the digest key",
      remedy: "name yours with --identity",
    });
    return undefined;
  }
  const path = digestKey ??
    (own === undefined ? undefined : resolve(context.cwd, dirname(file), own));
  if (path === undefined) return undefined;
  const { readDigestKeyFile } = await import("./digest_key.ts");
  return await readDigestKeyFile(path, context, identity);
}

/** What the file has already, in the form that other SealedSecrets have. */
function asObject(
  { name, secret: { namespace, sealed, sealedWith = {} } }: PlacedSecret,
): SealedSecret {
  const records = Object.entries(sealedWith).flatMap(([key, text]) => {
    const record = parseRecord(text);
    return record === undefined ? [] : [[key, record] as const];
  });
  return {
    apiVersion: sealedApiVersion,
    kind: "SealedSecret",
    metadata: {
      name,
      namespace,
      annotations: { [sealedItemsAnnotation]: formatRecords(new Map(records)) },
    },
    spec: { encryptedData: sealed },
  };
}
