import type { ClusterClient } from "../../lib/core/cluster.ts";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import { crdManifests } from "../../lib/flows/crds.ts";
import { freePort } from "../../lib/local/ports.ts";
import type { Ground } from "../e2e/ground.ts";

/** Traefik, running. */
export interface Traefik {
  /** Port of HTTPS on loopback. */
  httpsPort: number;
  /** All that it has logged. */
  log: () => Promise<string>;
}

/** Source: Traefik's "Kubernetes CRD" installation, the cluster role. */
const rules = [
  {
    apiGroups: [""],
    resources: ["services", "secrets", "configmaps", "nodes"],
    verbs: ["get", "list", "watch"],
  },
  {
    apiGroups: ["discovery.k8s.io"],
    resources: ["endpointslices"],
    verbs: ["get", "list", "watch"],
  },
  { apiGroups: ["traefik.io"], resources: ["*"], verbs: ["get", "list", "watch"] },
];

/** Run Traefik with a service account of its own against a ground's cluster, as k3s would run it in a pod. */
export async function withTraefik(
  ground: Ground,
  work: (traefik: Traefik) => Promise<void>,
): Promise<void> {
  const program = await programPath("traefik", ground.context);
  const folder = await Deno.makeTempDir({ prefix: "slipway-traefik-" });
  const kubeconfig = `${folder}/kubeconfig`;
  const logFile = `${folder}/traefik.log`;
  await ground.asAdmin(async (client) => {
    await installDefinitions(client, ground);
    const token = await serviceAccountToken(client);
    const ca = `${ground.folderOf()}/certs/ca.crt`;
    const text = JSON.stringify(kubeconfigFor(client.server, ca, token));
    await Deno.writeTextFile(kubeconfig, text, { mode: 0o600 });
  });
  const httpsPort = freePort();
  const child = new Deno.Command(program, {
    args: [
      `--entrypoints.websecure.address=127.0.0.1:${httpsPort}`,
      "--entrypoints.websecure.http.tls=true",
      "--providers.kubernetescrd=true",
      // The backend of the test stands on loopback, which no EndpointSlice may name.
      "--providers.kubernetescrd.allowexternalnameservices=true",
      "--providers.kubernetescrd.throttleduration=0s",
      "--global.checknewversion=false",
      "--global.sendanonymoususage=false",
      "--log.level=DEBUG",
      `--log.filepath=${logFile}`,
    ],
    env: { KUBECONFIG: kubeconfig },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await work({ httpsPort, log: () => Deno.readTextFile(logFile) });
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Traefik waits for all kinds of its release, and the embedded cluster has only those that the platform uses. */
async function installDefinitions(client: ClusterClient, { context }: Ground): Promise<void> {
  const any = {
    apiVersion: "traefik.io/v1alpha1",
    kind: "IngressRoute",
    metadata: { name: "any" },
  };
  for (const definition of await crdManifests([any], context)) {
    await client.apply(definition, { force: true });
  }
}

async function serviceAccountToken(client: ClusterClient): Promise<string> {
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "traefik", namespace: "kube-system" },
  };
  const group = "rbac.authorization.k8s.io";
  await client.apply(account);
  await client.apply({
    apiVersion: `${group}/v1`,
    kind: "ClusterRole",
    metadata: { name: "traefik" },
    rules,
  });
  await client.apply({
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "traefik" },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "traefik" },
    subjects: [{ kind: "ServiceAccount", name: "traefik", namespace: "kube-system" }],
  });
  return (await client.requestToken(account.metadata)).token;
}

function kubeconfigFor(server: string, ca: string, token: string) {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "traefik",
    clusters: [{ name: "traefik", cluster: { server, "certificate-authority": ca } }],
    users: [{ name: "traefik", user: { token } }],
    contexts: [{ name: "traefik", context: { cluster: "traefik", user: "traefik" } }],
  };
}
