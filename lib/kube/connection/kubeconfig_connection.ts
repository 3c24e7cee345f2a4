import { closest } from "../../core/closest.ts";
import { UsageError } from "../../core/errors.ts";
import type { ConnectionConfig, Impersonation } from "./connection.ts";
import { type Kubeconfig, type KubeconfigEntry, parseKubeconfig } from "./kubeconfig.ts";
import { type Fields, textOf, textsOf } from "./kubeconfig_fields.ts";
import { type CredentialOptions, pemOf, userCredentials } from "./kubeconfig_user.ts";

/** What it takes to resolve a kubeconfig. */
export interface ConnectionOptions extends CredentialOptions {
  /** Name of the context. @default the kubeconfig's current-context */
  context?: string;
}

/**
 * Read one kubeconfig from its text and resolve its context.
 *
 * @example
 * ```ts
 * const config = await loadKubeconfig(text, { file, baseDir, redactor: context.redactor });
 * ```
 * @throws {UsageError} when the text or its context cannot be used
 */
export function loadKubeconfig(
  text: string,
  options: ConnectionOptions & { baseDir: string; file?: string },
): Promise<ConnectionConfig> {
  const { baseDir, file = "kubeconfig" } = options;
  return resolveConnection(parseKubeconfig(text, { file, baseDir }), options);
}

/**
 * Resolve a context of a kubeconfig to all that a connection takes.
 *
 * @throws {UsageError} when something is missing, wrong, or beyond what Deno can do
 */
export async function resolveConnection(
  config: Kubeconfig,
  options: ConnectionOptions,
): Promise<ConnectionConfig> {
  const contextName = chooseContext(config, options.context);
  const context = config.contexts.get(contextName)!;
  const clusterName = textOf(context.fields, "cluster", context.file, `context "${contextName}"`);
  const userName = textOf(context.fields, "user", context.file, `context "${contextName}"`);
  const cluster = entryOf(config.clusters, "cluster", clusterName, contextName, context.file);
  const user = userName === undefined
    ? undefined
    : entryOf(config.users, "user", userName, contextName, context.file);

  const path = `cluster "${clusterName}"`;
  const server = serverUrl(cluster, path);
  refuseUnsupported(cluster, path);
  const caPem = await pemOf(cluster, "certificate-authority", "CERTIFICATE", path, options);
  const proxyUrl = proxyOf(cluster, path);
  return {
    server,
    contextName,
    namespace: textOf(context.fields, "namespace", context.file) ?? "default",
    ...(caPem === undefined ? {} : { caPem }),
    credentials: await userCredentials(userName, user, { cluster, server, caPem }, options),
    ...impersonationOf(userName, user),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  };
}

function chooseContext(config: Kubeconfig, asked: string | undefined): string {
  const names = [...config.contexts.keys()];
  const where = config.files.join(", ");
  const existing = names.length === 0 ? "it has no contexts" : `it has ${names.join(", ")}`;
  const name = asked ?? config.currentContext;
  if (name === "") {
    throw new UsageError(
      `No context is chosen in ${where}: current-context is not set; ${existing}`,
      {
        remedy: names.length === 0
          ? "have the cluster write a complete kubeconfig"
          : `name one with --context, such as --context ${names[0]}`,
      },
    );
  }
  if (!config.contexts.has(name)) {
    const meant = closest(name, names);
    throw new UsageError(`There is no context "${name}" in ${where}: ${existing}`, {
      remedy: meant === undefined
        ? "name an existing context with --context"
        : `did you mean --context ${meant}`,
    });
  }
  return name;
}

function entryOf(
  entries: ReadonlyMap<string, KubeconfigEntry>,
  what: "cluster" | "user",
  name: string | undefined,
  contextName: string,
  file: string,
): KubeconfigEntry {
  if (name === undefined) {
    throw new UsageError(`The context "${contextName}" in ${file} names no ${what}`);
  }
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const meant = closest(name, entries.keys());
  throw new UsageError(
    `The context "${contextName}" in ${file} names the ${what} "${name}", which does not exist`,
    {
      remedy: `add the ${what} or mend the context${
        meant === undefined ? "" : `: did you mean "${meant}"`
      }`,
    },
  );
}

function serverUrl({ fields, file }: KubeconfigEntry, path: string): string {
  const text = textOf(fields, "server", file, path);
  const url = text === undefined ? null : URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    throw new UsageError(
      `The ${path} in ${file} has ${
        text === undefined ? "no server" : `the server "${text}"`
      }: wanted a URL such as https://203.0.113.5:6443`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function refuseUnsupported({ fields, file }: KubeconfigEntry, path: string): void {
  if (fields["insecure-skip-tls-verify"] === true) {
    throw new UsageError(
      `The ${path} in ${file} sets insecure-skip-tls-verify, which Slipway does not do: whoever stands in between could read and change everything`,
      {
        remedy:
          "remove insecure-skip-tls-verify and put the cluster's CA into certificate-authority-data; k3s has it in /var/lib/rancher/k3s/server/tls/server-ca.crt",
      },
    );
  }
  const serverName = textOf(fields, "tls-server-name", file, path);
  if (serverName !== undefined) {
    throw new UsageError(
      `The ${path} in ${file} sets tls-server-name to "${serverName}", which Deno's fetch cannot do`,
      {
        remedy:
          `use ${serverName} as the host in the server URL and let DNS or /etc/hosts resolve it, or add the server's address to its certificate (k3s: --tls-san)`,
      },
    );
  }
}

function proxyOf({ fields, file }: KubeconfigEntry, path: string): string | undefined {
  const text = textOf(fields, "proxy-url", file, path);
  if (text === undefined) return undefined;
  const protocol = URL.parse(text)?.protocol;
  if (["http:", "https:", "socks5:"].includes(protocol ?? "")) return text;
  throw new UsageError(
    `The ${path} in ${file} has a proxy-url that cannot be used: wanted an http, https or socks5 URL`,
  );
}

function impersonationOf(
  name: string | undefined,
  entry: KubeconfigEntry | undefined,
): { impersonate?: Impersonation } {
  if (entry === undefined) return {};
  const { fields, file }: { fields: Fields; file: string } = entry;
  const path = `user "${name}"`;
  const user = textOf(fields, "as", file, path);
  const uid = textOf(fields, "as-uid", file, path);
  const groups = textsOf(fields, "as-groups", file, path);
  if (fields["as-user-extra"] !== undefined && fields["as-user-extra"] !== null) {
    throw new UsageError(`The ${path} in ${file} sets as-user-extra, which Slipway does not send`, {
      remedy: "remove as-user-extra, or use a user that needs no impersonation",
    });
  }
  if (user === undefined) {
    if (uid === undefined && groups.length === 0) return {};
    throw new UsageError(`The ${path} in ${file} impersonates groups or a UID without a user`, {
      remedy: "set as to the user's name",
    });
  }
  return { impersonate: { user, ...(uid === undefined ? {} : { uid }), groups } };
}
