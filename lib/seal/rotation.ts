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
