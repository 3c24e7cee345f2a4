import { groupOf, type KubeObject, refOf } from "../../core/object.ts";
import { oneLine } from "../ready/fields.ts";
import type { Cause } from "./cause.ts";
import { type Warning, warningsAbout } from "./events.ts";

/** Whether an object is one that External Secrets works on, whose conditions say little and whose events say why. */
export function isOfExternalSecrets({ apiVersion }: Pick<KubeObject, "apiVersion">): boolean {
  return groupOf(apiVersion) === "external-secrets.io";
}

/**
 * Why a store cannot be used, or a Secret not be fetched, from what External Secrets says in its warnings. Where an
 * ExternalSecret only waits for its store, the store's own cause is told.
 * Source: External Secrets 0.19, pkg/controllers and pkg/provider, and what its providers answer.
 */
export function externalSecretsCause(
  object: KubeObject,
  events: readonly KubeObject[],
): Cause | undefined {
  const warning = newestFailure(object, events);
  if (warning === undefined) return undefined;
  const store = /(\w*SecretStore) "([^"]+)" is not ready/.exec(warning.message);
  const [, kind, name] = store ?? [];
  if (kind !== undefined && name !== undefined) {
    const ref = kind === "SecretStore"
      ? { kind, name, namespace: object.metadata.namespace }
      : { kind, name };
    const { kind: _, ...metadata } = ref;
    const about = { apiVersion: object.apiVersion, kind, metadata } as KubeObject;
    const reason = newestFailure(about, events);
    return reason === undefined
      ? causeOf(object, `${kind} ${name} is not ready`, {}, warning)
      : explained(object, reason, `${kind} ${name} cannot be used: `);
  }
  return explained(object, warning);
}

function explained(object: KubeObject, warning: Warning, before = ""): Cause {
  const words = oneLine(warning.message);
  const path = /\(key: ([^)]*)\)/.exec(words)?.[1];
  for (const [pattern, because, remedy] of table) {
    const match = pattern.exec(words);
    if (match === null) continue;
    return causeOf(object, before + because(match, path ?? "its path"), { remedy }, warning);
  }
  const plain = words.replace(/^error processing spec\.data\[\d+\] \(key: [^)]*\), err: /, "");
  return causeOf(object, `${before}${path === undefined ? "" : `${path}: `}${plain}`, {}, warning);
}

type Row = readonly [
  pattern: RegExp,
  because: (match: RegExpExecArray, path: string) => string,
  remedy: string,
];

const configure = "bring Vault to what the platform file says with `deno task configure-vault`";
const cloud = "give the identity that the store uses the right to read this secret";

/** What is recognised, each row before those that its words would also match. */
const table: readonly Row[] = [
  [/Vault is sealed/, () => "Vault is sealed", "unseal it with `deno task unseal-vault`"],
  [
    /server is not initialized|Vault is not initialized/,
    () => "Vault is not initialised",
    "initialise it with `deno task install-vault`",
  ],
  [/invalid role name "([^"]*)"/, ([, role]) => `Vault has no role ${role}`, configure],
  [
    /service account name not authorized/,
    () => "Vault's role is not for the service account that the store logs in with",
    configure,
  ],
  [
    /namespace not authorized/,
    () =>
      "Vault's role is not for the namespace of the service account that the store logs in with",
    configure,
  ],
  [
    /\/v1\/(auth\/\S+)\/login Code: 403/,
    ([, mount]) =>
      `Vault refuses the login: nothing is enabled at ${mount}, or Vault may not have tokens reviewed by the API server`,
    configure,
  ],
  [
    /\/v1\/(\S+) Code: 403/,
    ([, path]) => `the policy of the store's role does not let it read ${path}`,
    configure,
  ],
  [
    /ServiceAccount "([^"]+)" not found/,
    ([, name]) => `the service account ${name}, which the store logs in with, does not exist`,
    "apply the platform",
  ],
  [
    /could not get (\w+) "([^"]+)",.*not found/,
    ([, kind, name]) => `${kind} ${name} does not exist`,
    "apply the platform",
  ],
  [
    /store "([^"]+)" is not allowed from namespace "([^"]+)"/,
    ([, store, namespace]) => `ClusterSecretStore ${store} is not for namespace ${namespace}`,
    "name the namespace under the store's usableFrom in the platform file",
  ],
  [
    /cannot find secret data for key: "([^"]*)"|key (\S+) does not exist in secret|[Pp]roperty (\S+) does not exist/,
    ([, ...keys], path) => `${path} has no property ${keys.find((key) => key !== undefined)}`,
    "add the property to the secret at its source",
  ],
  [
    /Secret does not exist|ResourceNotFoundException|SecretNotFound|code = NotFound/,
    (_, path) => `there is nothing at ${path}`,
    "put the secret there; in a Vault, `deno task configure-vault` does what seeds in the platform file say",
  ],
  [
    /(InvalidSignatureException|UnrecognizedClientException|ExpiredToken\w*|InvalidClientTokenId|AADSTS\d+|invalid_grant|invalid_client|code = Unauthenticated)/,
    ([, code]) => `the store's credentials are refused (${code})`,
    "replace the credentials that the store names",
  ],
  [/AccessDenied/, (_, path) => `the store may not read ${path} (AccessDenied)`, cloud],
  [
    /code = PermissionDenied/,
    (_, path) => `the store may not read ${path} (PermissionDenied)`,
    cloud,
  ],
  [
    /(ForbiddenByPolicy|does not have secrets get permission|Caller is not authorized)/,
    (_, path) => `the store may not read ${path} (Forbidden)`,
    cloud,
  ],
  [
    /cannot set Vault CA certificate|failed to get cert from (secret|configmap)|failed to decode ca bundle/,
    () => "the store finds no certificate of Vault's authority where it looks for one",
    "run `deno task install-vault`, which puts it there",
  ],
  [
    /certificate signed by unknown authority/,
    () => "the store does not trust the authority of the server's certificate",
    "say `tls` of the vault in the platform file and apply it, so that the store gets Vault's authority",
  ],
  [
    /x509: certificate is valid for (.*), not ([^\s,]+)/,
    ([, names, wanted]) => `the server's certificate is for ${names}, not for ${wanted}`,
    "use one of these names in the store, or have a certificate made for its name",
  ],
  [
    /certificate has expired or is not yet valid: ([^"]*)/,
    ([, words]) => `the server's certificate is not valid: ${words}`,
    "renew it, or set the clocks right",
  ],
  [
    /gave HTTP response to HTTPS client/,
    () => "the server speaks plain HTTP, and the store asks by https",
    "serve TLS there (`tls` of the vault), or write http in the store's address",
  ],
  [
    /sent an HTTP request to an HTTPS server/,
    () => "the server speaks TLS, and the store asks by plain http",
    "write https in the store's address",
  ],
  [
    /lookup (\S+)( on \S+)?: no such host/,
    ([, host]) => `the name ${host} cannot be resolved`,
    "check the store's address, and that what it names is there",
  ],
  [
    /dial tcp (\S+): connect: connection refused/,
    ([, address]) => `the connection to ${address} is refused`,
    "check that what the store names runs, and that its port is right",
  ],
  [
    /i\/o timeout|context deadline exceeded|Client\.Timeout|no route to host/,
    () => "the server does not answer",
    "check that it runs, and that network policies let External Secrets reach it",
  ],
];

/** The newest warning of a failure; those of a change of the Secret and the like are none. */
function newestFailure(object: KubeObject, events: readonly KubeObject[]): Warning | undefined {
  return warningsAbout(object, events).find(({ reason }) =>
    ["UpdateFailed", "InvalidProviderConfig", "ValidationFailed"].includes(reason)
  );
}

function causeOf(
  object: KubeObject,
  because: string,
  { remedy }: { remedy?: string },
  warning: Warning,
): Cause {
  return {
    subject: refOf(object),
    kind: "config",
    because,
    // Who mends it, such as by unsealing Vault, need not touch the cluster: the wait goes on for its grace.
    permanent: false,
    ...(warning.at === undefined ? {} : { at: warning.at }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}
