import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { type KubeObject, type ObjectRef, subjectOf } from "../../core/object.ts";
import type { ClusterVault } from "../../platform/types.ts";
import { vaultPort, vaultPortName, vaultServersOf } from "../../platform/vaults.ts";
import { createVaultClient, vaultClientOver } from "../../vault/http.ts";
import { podExchange } from "../../vault/pod_exchange.ts";
import type { VaultServer } from "../../vault/status.ts";

/** What runs the servers of a Vault: the pods of a cluster, the embedded cluster, or others. */
export interface VaultHosting {
  /** The servers that there are to be, each with a client without a token. */
  servers: readonly VaultServer[];
  /** Authority of the servers' certificates, in PEM, where it is known. */
  caCert?: string;
  /** End a server in order, and wait until it answers again. */
  restart(server: string, context: Context): Promise<void>;
  /** Throw a server's data away, and wait until it answers again, empty. */
  wipe(server: string, context: Context): Promise<void>;
  /** Close connections. */
  close(): void;
}

/** The servers of a Vault as pods, reached through the API server. */
export function podHosting(
  cluster: ClusterClient,
  name: string,
  vault: ClusterVault,
  { redactor }: Pick<Context, "redactor">,
): VaultHosting {
  const { namespace } = vault;
  const port = { namespace, port: vaultPort, scheme: vaultPortName(vault) };
  const pod = (server: string): ObjectRef => ({
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    name: server,
  });
  return {
    servers: vaultServersOf(name, vault).map((server) => ({
      name: server.name,
      client: vaultClientOver(podExchange(cluster, { ...port, name: server.name }), { redactor }),
    })),
    async restart(server, context) {
      const before = await cluster.get(pod(server), context);
      if (before !== undefined) {
        await cluster.delete(pod(server), {
          uid: before.metadata.uid,
          propagation: "Foreground",
          signal: context.signal,
        });
      }
      await untilReplaced(cluster, pod(server), before, context);
    },
    async wipe(server, context) {
      // The StatefulSet's only claim. A claim that a pod uses goes when that pod has gone.
      const claim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name: `data-${server}`,
      };
      const { signal } = context;
      const before = await cluster.get(pod(server), context);
      await cluster.delete(claim, { signal });
      if (before !== undefined) await cluster.delete(pod(server), { signal });
      await untilReplaced(cluster, pod(server), before, context);
    },
    close: () => {},
  };
}

/** One server at an address, which others start and stop. */
export function addressHosting(
  name: string,
  address: string,
  caCerts: readonly string[],
  { redactor }: Pick<Context, "redactor">,
): VaultHosting {
  const client = createVaultClient({ address, caCerts, redactor });
  const refuse = (what: string, remedy: string) =>
    Promise.reject(
      new SlipwayError(
        `Cannot ${what} the Vault ${name}: it stands at ${address}, and others run it`,
        { remedy },
      ),
    );
  return {
    servers: [{ name, client }],
    caCert: caCerts[0],
    restart: () =>
      refuse("restart", "do it on its host, with systemctl restart vault or as it is run there"),
    wipe: () =>
      refuse(
        "empty",
        "on its host, stop it, empty its storage folder (/var/lib/vault, where its files are those of --out), and start it; then run this again",
      ),
    close: () => client.close(),
  };
}

/** How long a pod may take to be replaced, in milliseconds. */
const replaceTimeoutMs = 180_000;

async function untilReplaced(
  cluster: ClusterClient,
  ref: ObjectRef,
  before: KubeObject | undefined,
  { signal }: Context,
): Promise<void> {
  const { apiVersion, kind, namespace, name } = ref;
  const timeout = AbortSignal.timeout(replaceTimeoutMs);
  const query = { apiVersion, kind, namespace, fieldSelector: `metadata.name=${name}` };
  let found = "it is not there yet";
  for await (
    const event of cluster.watch(query, { signal: AbortSignal.any([signal, timeout]) })
  ) {
    if (event.type === "synced") continue;
    found = event.type === "deleted" ? "it is not there yet" : stateOf(event.object, before);
    if (found === "running") return;
  }
  signal.throwIfAborted();
  throw new TimedOut(`${subjectOf(ref)} was not replaced within 3 minutes: ${found}`, {
    remedy: "see its events with `deno task status`, then run the same command again",
  });
}

function stateOf(pod: KubeObject, before: KubeObject | undefined): string {
  if (pod.metadata.uid === before?.metadata.uid) return "the old one still ends";
  const { phase, containerStatuses = [] } = (pod["status"] ?? {}) as {
    phase?: string;
    containerStatuses?: { ready?: boolean; state?: { waiting?: { reason?: string } } }[];
  };
  if (phase === "Running" && containerStatuses.every(({ ready }) => ready === true)) {
    return "running";
  }
  const waiting = containerStatuses.map(({ state }) => state?.waiting?.reason).find(Boolean);
  return waiting ?? `its phase is ${phase ?? "unknown"}`;
}
