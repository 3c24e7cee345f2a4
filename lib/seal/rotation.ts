import { Malformed } from "./errors.ts";
import { jsonTexts } from "./json_texts.ts";
import { isObject } from "./objects.ts";
import { type Scope, withScope } from "./scope.ts";
import { sealedApiVersion, type SealedSecret } from "./sealed_secret.ts";

/**
 * What to send to the controller's `/v1/rotate` to have items sealed again. It seals by the scope that the template
 * tells, and adds what it fills from templates of values, so it is given nothing but the items, and the scope in both
 * places. Source: sealed-secrets, pkg/controller Rotate.
 */
export function rotationRequest(
  { name, namespace, scope, items }: {
    name: string;
    namespace: string;
    scope: Scope;
    items: readonly { key: string; sealed: string }[];
  },
): SealedSecret {
  const annotations = withScope(undefined, scope);
  const metadata = {
    name,
    ...(namespace === "" ? {} : { namespace }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return {
    apiVersion: sealedApiVersion,
    kind: "SealedSecret",
    metadata,
    spec: {
      encryptedData: Object.fromEntries(items.map(({ key, sealed }) => [key, sealed])),
      template: { metadata },
    },
  };
}

/**
 * The items in the controller's answer, a SealedSecret that does not say its kind.
 *
 * @param source the controller, for messages
 * @throws {Malformed} when it is no such answer
 */
export function rotatedItems(answer: string, source: string): Record<string, string> {
  const [sealed] = jsonTexts(answer) ?? [];
  const spec = isObject(sealed) ? sealed["spec"] : undefined;
  const items = isObject(spec) ? spec["encryptedData"] ?? {} : undefined;
  if (isObject(items) && Object.values(items).every((item) => typeof item === "string")) {
    return items as Record<string, string>;
  }
  throw new Malformed(`Cannot read the answer of ${source}: it is no SealedSecret`, {
    remedy: "see what answers in the controller's place, and the controller's log",
  });
}
