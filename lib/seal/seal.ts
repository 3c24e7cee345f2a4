import { formatBytes } from "../core/units.ts";
import { Malformed } from "./errors.ts";
import type { DigestKey } from "./digest.ts";
import { type ItemSealer, sealItems } from "./items.ts";
import { sealedItemsAnnotation } from "../core/labels.ts";
import { formatRecords } from "./record.ts";
import { checkSealedName, labelOf, type Scope, scopeOf, withScope } from "./scope.ts";
import { sealedApiVersion, type SealedSecret } from "./sealed_secret.ts";
import type { PlainSecret } from "./secret.ts";

/** How a Secret is sealed. */
export interface SealOptions {
  /** Where its values may be opened. @default what its annotations tell */
  scope?: Scope;
  /** Whether it may have no values. @default false */
  allowEmptyData?: boolean;
  /** Where the Secret comes from, for messages. */
  place: string;
  /** Recognises values that did not change. */
  digestKey?: DigestKey;
  /** What the Secret was sealed as before: of a value that did not change the ciphertext stays. */
  earlier?: SealedSecret;
}

/** Bytes that all values of a Secret may have together. Source: k8s.io/api, core/v1 MaxSecretSize. */
const mostBytes = 1024 * 1024;

/**
 * Seal a Secret, value by value. Its labels, annotations, type and the like become the template of the new one, and
 * an annotation records by which certificate each value was sealed.
 *
 * @throws {Malformed} when it has no values, more than a Secret can hold, or a key that no Secret can have
 * @throws {UsageError} when its scope needs a name or a namespace that it has not
 */
export async function sealSecret(
  secret: PlainSecret,
  certificate: ItemSealer,
  { scope, allowEmptyData = false, place, digestKey, earlier }: SealOptions,
): Promise<SealedSecret> {
  const { name, namespace, metadata, type, immutable, values } = secret;
  const own = metadata["annotations"] as Record<string, string> | undefined;
  const chosen = scope ?? scopeOf(own);
  const label = labelOf(secret, chosen);
  if (name === undefined) {
    throw new Malformed(`Cannot seal ${place}: it has no metadata.name`, {
      remedy: "write one, or give it with --name; a bare value is sealed with --raw",
    });
  }
  if (values.size === 0 && !allowEmptyData) {
    throw new Malformed(`Cannot seal ${place}: it has neither data nor stringData`, {
      remedy: "add what is to be sealed, or allow this with --allow-empty-data",
    });
  }
  checkSealedName(secret, place);
  checkValues(values, place);
  const { annotations: _annotations, ...others } = metadata;
  const items = await sealItems(values, certificate, {
    namespace,
    name,
    label,
    digestKey,
    earlier,
  });
  return {
    apiVersion: sealedApiVersion,
    kind: "SealedSecret",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...optional("annotations", {
        ...withScope(undefined, chosen),
        [sealedItemsAnnotation]: formatRecords(items.records),
      }),
    },
    spec: {
      encryptedData: items.sealed,
      template: {
        metadata: {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...others,
          ...optional("annotations", withScope(own, chosen)),
        },
        ...optional("type", type),
        ...optional("immutable", immutable),
      },
    },
  };
}

/**
 * Check that the API server would take a Secret with these values: once they are sealed it cannot look.
 * Source: k8s.io/kubernetes, ValidateSecret.
 *
 * @throws {Malformed} when a key is none that a Secret can have, or all values together are too large
 */
export function checkValues(
  values: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  place: string,
): void {
  let bytes = 0;
  for (const [key, plain] of values) {
    bytes += plain.length;
    if (/^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== "." && !key.startsWith("..")) continue;
    throw new Malformed(`Cannot seal ${place}: no Secret can have the key "${key}"`, {
      remedy: "keys are up to 253 letters, digits, hyphens, underscores and dots",
    });
  }
  checkTotal(bytes, place);
}

/**
 * Check that a Secret can hold values of so many bytes.
 *
 * @throws {Malformed} when it cannot
 */
export function checkTotal(bytes: number, place: string): void {
  if (bytes <= mostBytes) return;
  throw new Malformed(
    `Cannot seal ${place}: its values have ${bytes} bytes, a Secret holds at most ${mostBytes} (${
      formatBytes(mostBytes)
    })`,
    { remedy: "spread the values over several Secrets, or keep large files elsewhere" },
  );
}

function optional<T>(field: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [field]: value };
}
