import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { sealedItemsAnnotation } from "../../core/labels.ts";
import type { YamlSetting } from "../../core/yaml_edit.ts";
import { normalFingerprint } from "../../seal/certificate.ts";
import type { Document } from "../../seal/document.ts";
import { placedSecrets } from "../../platform/sealed_values.ts";
import {
  formatRecord,
  formatRecords,
  parseRecord,
  parseRecords,
  type SealRecord,
} from "../../seal/record.ts";
import { labelOf, type Scope, scopeOf } from "../../seal/scope.ts";
import { isSealedSecret, sealedSecretOf } from "../../seal/sealed_secret.ts";
import { readTreeFile } from "../../seal/tree.ts";
import { isPlatform } from "./check_platform.ts";
import type { TreeFile } from "./tree.ts";

/** An item of a unit. */
export interface UnitItem {
  /** Key of the Secret. */
  key: string;
  /** Its ciphertext. */
  sealed: string;
  /** What is recorded of it. */
  record: SealRecord | undefined;
}

/** Items of one Secret that stand together in a file: a SealedSecret, or sealed values of a platform file. */
export interface SealUnit {
  /** The file. */
  file: TreeFile;
  /** File and object, for messages. */
  place: string;
  /** The object, such as `SealedSecret shop/web`. */
  subject: string;
  /** Name of the Secret. */
  name: string;
  /** Namespace of the Secret; empty where none is said. */
  namespace: string;
  /** What its items are bound to. */
  scope: Scope;
  /** The label of that. */
  label: string;
  /** Its items. */
  items: readonly UnitItem[];
  /** Fingerprint of the certificate that a platform file pins. */
  pinned?: string;
  /** What has to be set in the file for these items, of which each has a record. */
  settings(items: readonly UnitItem[]): YamlSetting[];
}

/**
 * The units of a file.
 *
 * @throws {SlipwayError} when it cannot be read, or a SealedSecret in it is not laid out as one
 */
export function unitsOf(file: TreeFile, { emit }: Pick<Context, "emit">): SealUnit[] {
  const content = readTreeFile(file.text, file.name);
  if (content.broken !== undefined) {
    emit({
      type: "note",
      level: "warning",
      message: `${file.name} is left as it is: ${content.broken}`,
    });
    return [];
  }
  return isPlatform(content)
    ? platformUnits(file)
    : content.objects.filter(isSealedSecret).map((object) => objectUnit(file, object));
}

function objectUnit(file: TreeFile, object: Document): SealUnit {
  const { metadata, spec } = sealedSecretOf(object);
  const { name, namespace = "", annotations } = metadata;
  const scope = scopeOf(annotations);
  const records = parseRecords(annotations?.[sealedItemsAnnotation]);
  const at = (...path: string[]) => ({
    document: object.document,
    path: [...object.path, ...path],
  });
  return {
    file,
    place: object.place,
    subject: `SealedSecret ${namespace === "" ? "" : `${namespace}/`}${name}`,
    name,
    namespace,
    scope,
    label: labelOf({ name, namespace }, scope),
    items: Object.entries(spec.encryptedData).map(([key, sealed]) => ({
      key,
      sealed,
      record: records.get(key),
    })),
    settings: (items) => [
      ...items.map(({ key, sealed }) => ({ ...at("spec", "encryptedData", key), value: sealed })),
      {
        ...at("metadata", "annotations", sealedItemsAnnotation),
        value: formatRecords(
          new Map([
            ...records,
            ...items.flatMap(({ key, record }) =>
              record === undefined ? [] : [[key, record] as const]
            ),
          ]),
        ),
      },
    ],
  };
}

function platformUnits(file: TreeFile): SealUnit[] {
  const seen = new Map<string, string>();
  return placedSecrets(file.text, { file: file.name }).flatMap(
    ({ environment, platform, name, secret, placeOf }) => {
      const { namespace, scope, sealed, sealedWith } = secret;
      const label = labelOf({ name, namespace }, scope);
      const head = {
        file,
        place: `${file.name} (${environment})`,
        subject: `SealedSecret ${namespace}/${name}`,
        name,
        namespace,
        scope,
        label,
        ...(platform.sealing?.fingerprint === undefined
          ? {}
          : { pinned: normalFingerprint(platform.sealing.fingerprint) }),
      };
      const byPlace = Map.groupBy(Object.keys(sealed), (key) => JSON.stringify(placeOf(key) ?? []));
      return [...byPlace].flatMap(([written, keys]): SealUnit[] => {
        const path = JSON.parse(written) as string[];
        // A value outside of overlays is every environment's.
        const before = seen.get(written);
        seen.set(written, label);
        if (before === label || path.length === 0) return [];
        if (before !== undefined) {
          throw new SlipwayError(
            `Cannot reseal ${head.subject} of ${file.name}: its values stand once for ${before} and for ${label}, and open as one of them`,
            {
              remedy: "give each environment values of its own with `deno task seal-secret --env`",
            },
          );
        }
        return [{
          ...head,
          items: keys.map((key) => ({
            key,
            sealed: sealed[key]!,
            record: parseRecord(sealedWith?.[key] ?? ""),
          })),
          settings: (items) =>
            items.flatMap(({ key, sealed, record }) => [
              { path: [...path, "sealed", key], value: sealed },
              ...(record === undefined
                ? []
                : [{ path: [...path, "sealedWith", key], value: formatRecord(record) }]),
            ]),
        }];
      });
    },
  );
}
