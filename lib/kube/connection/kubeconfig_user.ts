import { isAbsolute, resolve } from "node:path";
import type { Redactor } from "../../core/redact.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import {
  basic,
  bearer,
  type ClientCertificate,
  type CredentialSource,
  fixedCredential,
} from "./auth.ts";
import { execCredentials } from "./auth_exec.ts";
import type { PluginRunner } from "./auth_exec_run.ts";
import { tokenFileCredentials } from "./auth_token_file.ts";
import type { KubeconfigEntry } from "./kubeconfig.ts";
import { asFields, type Fields, textOf, textsOf } from "./kubeconfig_fields.ts";

/** What it takes to get a user's credentials. */
export interface CredentialOptions {
  /** Learns each token, password and private key. */
  redactor: Redactor;
  /** Reads a text file. @default Deno.readTextFile */
  readFile?: (path: string) => Promise<string>;
  /** The time now. @default Temporal.Now.instant */
  now?: () => Temporal.Instant;
  /** Whether standard input is a terminal that an exec plugin may use. @default false */
  interactive?: boolean;
  /** Runs an exec plugin. @default a child process */
  runPlugin?: PluginRunner;
}

/** The cluster that a user logs in to, for exec plugins that ask. */
export interface TargetCluster {
  /** The kubeconfig's entry. */
  cluster: KubeconfigEntry;
  /** URL of the API server. */
  server: string;
  /** Certificates of its CAs. */
  caPem: string | undefined;
}

/**
 * The credentials of a kubeconfig's user.
 *
 * @throws {UsageError} when they are incomplete, unreadable or of a kind that is not supported
 */
export async function userCredentials(
  name: string | undefined,
  entry: KubeconfigEntry | undefined,
  target: TargetCluster,
  options: CredentialOptions,
): Promise<CredentialSource> {
  if (entry === undefined) return fixedCredential({});
  const { fields, file, baseDir } = entry;
  const path = `user "${name}"`;
  const { redactor, readFile = Deno.readTextFile, now = Temporal.Now.instant } = options;
  if (fields["auth-provider"] !== undefined && fields["auth-provider"] !== null) {
    throw new UsageError(
      `The ${path} in ${file} uses an auth-provider, which Kubernetes removed in 1.26`,
      { remedy: "use the provider's exec plugin, such as gke-gcloud-auth-plugin or kubelogin" },
    );
  }
  const certificate = await clientCertificate(entry, path, options);
  const tokenFile = textOf(fields, "tokenFile", file, path);
  const token = textOf(fields, "token", file, path);
  const username = textOf(fields, "username", file, path);
  const exec = fields["exec"];
  if (exec !== undefined && exec !== null) {
    if (tokenFile !== undefined || token !== undefined || username !== undefined) {
      throw new UsageError(
        `The ${path} in ${file} has an exec plugin beside a token or a password: wanted one of them`,
      );
    }
    return execCredentials(execConfig(asFields(exec, file, `${path}.exec`), path, entry, target), {
      now,
      redactor,
      interactive: options.interactive,
      run: options.runPlugin,
    });
  }
  if (tokenFile !== undefined) {
    const resolved = resolve(baseDir, tokenFile);
    return tokenFileCredentials({ path: resolved, certificate, readFile, now, redactor });
  }
  if (token !== undefined) {
    redactor.add(token);
    return fixedCredential({ authorization: bearer(token), certificate });
  }
  if (username !== undefined) {
    const password = textOf(fields, "password", file, path) ?? "";
    const authorization = basic(username, password);
    redactor.add(password);
    redactor.add(authorization.slice("Basic ".length));
    return fixedCredential({ authorization, certificate });
  }
  return fixedCredential({ certificate });
}

/**
 * The PEM that an entry gives as `<key>-data` (base64, wins) or in the file `<key>`; undefined when it gives neither.
 *
 * @throws {UsageError} when it cannot be read or holds no such PEM block
 */
export async function pemOf(
  { fields, file, baseDir }: KubeconfigEntry,
  key: string,
  label: "CERTIFICATE" | "PRIVATE KEY",
  path: string,
  { readFile = Deno.readTextFile }: CredentialOptions,
): Promise<string | undefined> {
  const data = textOf(fields, `${key}-data`, file, path);
  const named = textOf(fields, key, file, path);
  if (data === undefined && named === undefined) return undefined;
  const where = data === undefined
    ? `the ${key} ${resolve(baseDir, named!)} of ${path} in ${file}`
    : `${key}-data of ${path} in ${file}`;
  let pem: string;
  try {
    pem = data === undefined
      ? await readFile(resolve(baseDir, named!))
      : new TextDecoder().decode(Uint8Array.fromBase64(data));
  } catch (error) {
    throw new UsageError(`Cannot read ${where}: ${reasonOf(error)}`, {
      remedy: "have the cluster write a new kubeconfig, or mend the path",
      cause: error,
    });
  }
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new UsageError(`Cannot use ${where}: the key is encrypted`, {
      remedy: "decrypt it with openssl pkey, and keep the file to yourself (mode 0600)",
    });
  }
  if (!new RegExp(`-----BEGIN [A-Z ]*${label}-----`).test(pem)) {
    throw new UsageError(`Cannot use ${where}: wanted a PEM block ${label}, found none`);
  }
  return pem;
}

async function clientCertificate(
  entry: KubeconfigEntry,
  path: string,
  options: CredentialOptions,
): Promise<ClientCertificate | undefined> {
  const certPem = await pemOf(entry, "client-certificate", "CERTIFICATE", path, options);
  const keyPem = await pemOf(entry, "client-key", "PRIVATE KEY", path, options);
  if (keyPem !== undefined) options.redactor.add(keyPem);
  if (certPem === undefined && keyPem === undefined) return undefined;
  if (certPem === undefined || keyPem === undefined) {
    const missing = certPem === undefined ? "client-certificate" : "client-key";
    throw new UsageError(
      `The ${path} in ${entry.file} has only one half of a client certificate: ${missing} is missing`,
    );
  }
  return { certPem, keyPem, source: `${entry.file}, ${path}` };
}

function execConfig(
  exec: Fields,
  path: string,
  { file, baseDir }: KubeconfigEntry,
  target: TargetCluster,
): Parameters<typeof execCredentials>[0] {
  const at = `${path}.exec`;
  const command = textOf(exec, "command", file, at);
  if (command === undefined) {
    throw new UsageError(`The ${path} in ${file} has an exec plugin without a command`);
  }
  const env: Record<string, string> = {};
  const variables = exec["env"] ?? [];
  if (!Array.isArray(variables)) {
    throw new UsageError(`Cannot read the kubeconfig ${file}: ${at}.env: wanted a list`);
  }
  for (const [index, variable] of variables.entries()) {
    const pair = asFields(variable, file, `${at}.env[${index}]`);
    const key = textOf(pair, "name", file, `${at}.env[${index}]`);
    if (key !== undefined) env[key] = textOf(pair, "value", file, `${at}.env[${index}]`) ?? "";
  }
  const mode = textOf(exec, "interactiveMode", file, at) ?? "IfAvailable";
  if (mode !== "Never" && mode !== "IfAvailable" && mode !== "Always") {
    throw new UsageError(
      `Cannot read the kubeconfig ${file}: ${at}.interactiveMode: found "${mode}", wanted Never, IfAvailable or Always`,
    );
  }
  // A bare name is looked up in PATH; a path starts from the kubeconfig's folder.
  const local = /[/\\]/.test(command) && !isAbsolute(command);
  return {
    apiVersion: textOf(exec, "apiVersion", file, at) ?? "",
    command: local ? resolve(baseDir, command) : command,
    args: textsOf(exec, "args", file, at),
    env,
    installHint: textOf(exec, "installHint", file, at),
    interactiveMode: mode,
    ...(exec["provideClusterInfo"] === true ? { cluster: clusterInfo(target) } : {}),
    source: `${file}, ${path}`,
  };
}

/** What a plugin is told of the cluster. Source: k8s.io/client-go, pkg/apis/clientauthentication/v1 Cluster. */
function clusterInfo({ cluster, server, caPem }: TargetCluster): Record<string, unknown> {
  const extensions = cluster.fields["extensions"];
  const config = Array.isArray(extensions)
    ? extensions.find((item) => item?.name === "client.authentication.k8s.io/exec")?.extension
    : undefined;
  return {
    server,
    ...(caPem === undefined
      ? {}
      : { "certificate-authority-data": new TextEncoder().encode(caPem).toBase64() }),
    ...(config === undefined ? {} : { config }),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  return error instanceof SyntaxError ? "it is not base64" : messageOf(error);
}
