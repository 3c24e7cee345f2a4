import { formatBytes } from "../core/units.ts";
import { Malformed } from "./errors.ts";
import { sealValue } from "./format.ts";
import type { SealingKey } from "./rsa.ts";
import { labelOf, type Scope, scopeOf, withScope } from "./scope.ts";
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
}

/** Bytes that all values of a Secret may have together. Source: k8s.io/api, core/v1 MaxSecretSize. */
const mostBytes = 1024 * 1024;

/**
 * Seal a Secret, value by value. Its labels, annotations, type and the like become the template of the new one.
 *
 * @throws {Malformed} when it has no values, more than a Secret can hold, or a key that no Secret can have
 * @throws {UsageError} when its scope needs a name or a namespace that it has not
 */
export async function sealSecret(
  secret: PlainSecret,
  { publicKey }: Pick<SealingKey, "publicKey">,
  { scope, allowEmptyData = false, place }: SealOptions,
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
  checkValues(values, place);
  const { annotations: _annotations, ...others } = metadata;
  const annotations = withScope(own, chosen);
  return {
    apiVersion: sealedApiVersion,
    kind: "SealedSecret",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...optional("annotations", withScope(undefined, chosen)),
    },
    spec: {
      encryptedData: await sealValues(values, publicKey, label),
      template: {
        metadata: {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...others,
          ...optional("annotations", annotations),
        },
        ...optional("type", type),
        ...optional("immutable", immutable),
      },
    },
  };
}

/** Seal values under one label; they keep their order. */
export async function sealValues(
  values: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  publicKey: CryptoKey,
  label: string,
): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(
      [...values].map(async ([key, plain]) =>
        [key, await sealValue(plain, publicKey, label)] as const
      ),
    ),
  );
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
  if (bytes <= mostBytes) return;
  throw new Malformed(
    `Cannot seal ${place}: its values have ${
      formatBytes(bytes)
    } (${bytes} bytes), a Secret holds at most ${formatBytes(mostBytes)}`,
    { remedy: "spread the values over several Secrets, or keep large files elsewhere" },
  );
}

function optional<T>(field: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [field]: value };
}
