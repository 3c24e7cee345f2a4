import type { Redactor } from "../../core/redact.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { bearer, type Credential, type CredentialSource } from "./auth.ts";
import { type PluginRunner, runPlugin } from "./auth_exec_run.ts";

/** An exec entry of a kubeconfig's user. Source: k8s.io/client-go, tools/clientcmd/api/v1 ExecConfig. */
export interface ExecConfig {
  /** Version of the plugin protocol: `client.authentication.k8s.io/v1` or `/v1beta1`. */
  apiVersion: string;
  /** Command, with its folder resolved where it has one. */
  command: string;
  /** Arguments. */
  args: readonly string[];
  /** Environment variables set in addition to this process's own. */
  env: Readonly<Record<string, string>>;
  /** What to tell someone who lacks the command. */
  installHint?: string;
  /** What the plugin is told of the cluster, where it asked for that. */
  cluster?: Readonly<Record<string, unknown>>;
  /** Whether the plugin needs a terminal. */
  interactiveMode: "Never" | "IfAvailable" | "Always";
  /** The kubeconfig's user, as messages name it: `/home/me/.kube/config, user "admin"`. */
  source: string;
}

/** What {@linkcode execCredentials} needs. */
export interface ExecOptions {
  /** The time now. */
  now: () => Temporal.Instant;
  /** Learns each token and key. */
  redactor: Redactor;
  /** Whether standard input is a terminal that the plugin may use. @default false */
  interactive?: boolean;
  /** Runs the plugin. @default a child process */
  run?: PluginRunner;
}

const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/**
 * Credentials from an exec plugin: run once, kept until the expirationTimestamp that it
 * gives (for ever where it gives none) or until the server refuses them.
 * Source: kubernetes.io/docs/reference/config-api/client-authentication.v1.
 *
 * @throws {UsageError} when the protocol version is not supported, or a terminal is needed and there is none
 */
export function execCredentials(config: ExecConfig, options: ExecOptions): CredentialSource {
  const { now, redactor, interactive = false, run = runPlugin } = options;
  if (!versions.includes(config.apiVersion)) {
    throw new UsageError(
      `Cannot use the exec plugin of ${config.source}: its apiVersion is "${config.apiVersion}", wanted ${
        versions.join(" or ")
      }`,
      { remedy: "upgrade the plugin and set apiVersion to client.authentication.k8s.io/v1" },
    );
  }
  if (config.interactiveMode === "Always" && !interactive) {
    throw new UsageError(
      `Cannot use the exec plugin of ${config.source}: it needs a terminal, and standard input is none`,
      {
        remedy: "run the task in a terminal, or give a kubeconfig with another kind of credential",
      },
    );
  }
  const useTerminal = interactive && config.interactiveMode !== "Never";
  const info = JSON.stringify({
    apiVersion: config.apiVersion,
    kind: "ExecCredential",
    spec: {
      interactive: useTerminal,
      ...(config.cluster === undefined ? {} : { cluster: config.cluster }),
    },
  });
  let known: { credential: Credential; until: number } | undefined;
  let running: Promise<Credential> | undefined;
  const closing = new AbortController();

  async function renew(): Promise<Credential> {
    try {
      const output = await run(config, {
        env: { KUBERNETES_EXEC_INFO: info },
        terminal: useTerminal,
        redactor,
        signal: closing.signal,
      });
      known = readCredential(output, config, redactor);
      return known.credential;
    } finally {
      running = undefined;
    }
  }

  return {
    current() {
      if (known !== undefined && now().epochMilliseconds < known.until) return known.credential;
      return running ??= renew();
    },
    renew(refused) {
      if (known?.credential === refused) known = undefined;
      return true;
    },
    close: () => closing.abort(),
  };
}

/** What a plugin prints. Source: k8s.io/client-go, pkg/apis/clientauthentication/v1 ExecCredential. */
interface ExecCredential {
  apiVersion?: unknown;
  kind?: unknown;
  status?: {
    expirationTimestamp?: unknown;
    token?: unknown;
    clientCertificateData?: unknown;
    clientKeyData?: unknown;
  };
}

function readCredential(
  output: string,
  config: ExecConfig,
  redactor: Redactor,
): { credential: Credential; until: number } {
  const refuse = (because: string): never => {
    throw new SlipwayError(
      `Cannot use what the exec plugin ${config.command} of ${config.source} printed: ${because}`,
      { remedy: `run ${config.command} by hand and check its version and its login` },
    );
  };
  let answer: ExecCredential | null = null;
  try {
    answer = JSON.parse(output) as ExecCredential | null;
  } catch {
    refuse(`${output.trim() === "" ? "it is empty" : "it is not JSON"}, wanted an ExecCredential`);
  }
  if (answer?.kind !== "ExecCredential" || answer.apiVersion !== config.apiVersion) {
    refuse(
      `found ${answer?.kind} of ${answer?.apiVersion}, wanted ExecCredential of ${config.apiVersion}`,
    );
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer?.status ?? {};
  const credential: Credential = {};
  if (typeof token === "string" && token !== "") {
    redactor.add(token);
    credential.authorization = bearer(token);
  }
  if (typeof clientCertificateData === "string" && typeof clientKeyData === "string") {
    redactor.add(clientKeyData);
    credential.certificate = {
      certPem: clientCertificateData,
      keyPem: clientKeyData,
      source: `from the exec plugin ${config.command}, ${config.source}`,
    };
  } else if (clientCertificateData !== undefined || clientKeyData !== undefined) {
    refuse("its status has only one of clientCertificateData and clientKeyData, wanted both");
  }
  if (credential.authorization === undefined && credential.certificate === undefined) {
    refuse("its status has neither a token nor a client certificate");
  }
  return { credential, until: expiry(expirationTimestamp, refuse) };
}

function expiry(timestamp: unknown, refuse: (because: string) => never): number {
  if (timestamp === undefined || timestamp === null) return Infinity;
  const at = Date.parse(String(timestamp));
  return Number.isNaN(at)
    ? refuse(`its expirationTimestamp is "${timestamp}", wanted an RFC 3339 time`)
    : at;
}
