import assert from "node:assert/strict";
import { inventoryLabel, keepAnnotation, systemNamespace } from "../../lib/core/labels.ts";
import type { KubeObject, Manifest, ObjectRef } from "../../lib/core/object.ts";
import { ensureCertificates } from "../../lib/local/certificates.ts";
import type { FaultGround } from "./fault_ground.ts";
import { type Fate, kubeconfigText, type ProxiedRequest, startFaultProxy } from "./fault_proxy.ts";
import type { ShopChanges } from "./shop.ts";
import type { TaskOptions } from "./task.ts";

/** A run that a fault happens to. */
export interface FaultyRun {
  /** Arguments of the task. */
  args: string[];
  /** Where in the run the fault happens. */
  options?: TaskOptions;
  /** Ends the fault once the run is over. */
  end?: () => PromiseLike<void> | void;
}

/** A workload whose pods misbehave; the message is what a crashing one ends with. */
export const simulate = (simulation: string, message?: string): ShopChanges => ({
  web: {
    podAnnotations: {
      "slipway.dev/simulate": simulation,
      ...(message === undefined ? {} : { "slipway.dev/simulate-message": message }),
    },
  },
});

/** A shop with so many services beside its workload, two objects each. */
export function services(
  namespace: string,
  count: number,
  address = (index: number) => `10.0.0.${index}`,
) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `db-${index}`,
      { namespace, addresses: [address(index)], ports: { db: 5432 } },
    ]),
  );
}

/** A shop's workload. */
export const deployment = (namespace: string): ObjectRef => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace,
  name: "web",
});

/** How many pods a shop's workload is to have. */
export async function replicasOf({ client }: FaultGround, namespace: string): Promise<unknown> {
  const live = await client.get(deployment(namespace));
  return (live?.["spec"] as { replicas: number } | undefined)?.replicas;
}

/** Apply a shop through a proxy, as the administrator of a cluster that is not embedded would. */
export async function throughProxy(
  ground: FaultGround,
  name: string,
  decide: (request: ProxiedRequest) => Fate,
  ...args: string[]
): Promise<FaultyRun> {
  const proxy = await startFaultProxy(ground.cluster, ground.folder, decide);
  const platform = await ground.shop(name);
  return {
    args: [
      ...["apply", "--kubeconfig", proxy.kubeconfig, "--yes", "--platform", platform, "--json"],
      ...args,
    ],
    async end() {
      await proxy[Symbol.asyncDispose]();
      assert.ok(proxy.harmed() > 0, "no request met the fault");
    },
  };
}

/** Hold a lease as somebody else, who shows a sign of life whenever the returned function is called. */
export async function holdLease(
  { client }: FaultGround,
  name: string,
): Promise<() => Promise<void>> {
  const lease = (): Manifest => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: systemNamespace },
    spec: {
      holderIdentity: "ana@laptop, process 4711",
      leaseDurationSeconds: 15,
      acquireTime: "2026-01-01T03:00:00.000000Z",
      renewTime: Temporal.Now.instant().toString({ fractionalSecondDigits: 6 }),
    },
  });
  const renew = async () => {
    await client.apply(lease(), { fieldManager: "another-run", force: true });
  };
  await renew();
  return renew;
}

/** The reference of an object that lives in no namespace. */
export function refTo({ apiVersion, kind, metadata: { name } }: Manifest): ObjectRef {
  return { apiVersion, kind, name };
}

/** The definition of ExternalSecrets as a release of years ago brought it. */
export const oldDefinition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "externalsecrets.external-secrets.io" },
  spec: {
    group: "external-secrets.io",
    scope: "Namespaced",
    names: { kind: "ExternalSecret", plural: "externalsecrets", singular: "externalsecret" },
    versions: [{
      name: "v1alpha1",
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    }],
  },
};

/** Wait by watch until an object is as wanted; undefined stands for none. */
export async function until(
  { client }: FaultGround,
  { name, ...place }: ObjectRef,
  isWanted: (object: KubeObject | undefined) => boolean,
): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const query = { ...place, fieldSelector: `metadata.name=${name}` };
  let object: KubeObject | undefined;
  let synced = false;
  for await (const event of client.watch(query, { signal })) {
    if (event.type === "synced") synced = true;
    else object = event.type === "deleted" ? undefined : event.object;
    if (synced && isWanted(object)) return;
  }
  assert.fail(`${place.kind} ${name} is not as wanted after 30 s`);
}

/** Whether a Deployment has its one pod. */
export function isAvailable(object: KubeObject | undefined): boolean {
  const { availableReplicas } = (object?.["status"] ?? {}) as { availableReplicas?: number };
  return availableReplicas === 1;
}

/** Wait until a definition is served. */
export function untilEstablished(ground: FaultGround, name: string): Promise<void> {
  return until(ground, { ...refTo(oldDefinition), name }, (definition) => {
    const { conditions } = (definition?.["status"] ?? {}) as {
      conditions?: { type: string; status: string }[] | null;
    };
    return conditions?.some(({ type, status }) => type === "Established" && status === "True") ??
      false;
  });
}

/** Wait until a namespace is gone. */
export function untilGone(ground: FaultGround, namespace: string): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
  return until(ground, ref, (object) => object === undefined);
}

/** A workload that takes its environment from a Secret of a Vault. */
export function withSecrets(namespace: string): ShopChanges {
  return {
    web: { envFromSecrets: ["db"] },
    secretStores: {
      vault: {
        scope: "namespace",
        namespace,
        vault: {
          server: "http://vault:8200",
          path: "secret",
          version: "v2",
          authMountPath: "kubernetes",
          role: "web",
          serviceAccount: "web",
        },
      },
    },
    externalSecrets: {
      db: { namespace, store: "vault", from: "shop/db", refreshInterval: "1h", keys: ["DB_URL"] },
    },
  };
}

/** A claim of a class, which the platform only describes. */
export function volumes(namespace: string, storageClass: string): ShopChanges {
  return {
    storageClasses: {
      [storageClass]: {
        existing: true,
        provisioner: "rancher.io/local-path",
        accessModes: ["ReadWriteOnce"],
        reclaimPolicy: "Delete",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    },
    volumes: {
      data: { namespace, storageClass, accessModes: ["ReadWriteOnce"], size: "1Gi" },
    },
  };
}

/** Three Services with their addresses, a claim and a namespace that the plain shop does not have. */
export function leavingObjects(name: string): ShopChanges {
  return {
    ...volumes(name, "local-path"),
    namespaces: {
      [name]: { podSecurity: "restricted" },
      [`${name}-more`]: { podSecurity: "restricted" },
    },
    externalServices: services(name, 3),
  };
}

/** Names of the Services in a namespace. */
export async function servicesOf({ client }: FaultGround, namespace: string): Promise<string[]> {
  const { items } = await client.list({ apiVersion: "v1", kind: "Service", namespace });
  return items.map(({ metadata }) => metadata.name).sort();
}

/** Names of the claims in a namespace, and of the namespaces that are called like it. */
export async function dataOf({ client }: FaultGround, namespace: string): Promise<string[]> {
  const claims = await client.list({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace });
  const namespaces = await client.list({ apiVersion: "v1", kind: "Namespace" });
  return [...claims.items, ...namespaces.items].map(({ metadata }) => metadata.name)
    .filter((name) => name === "data" || name.startsWith(namespace)).sort();
}

function serviceRef(namespace: string, name: string): ObjectRef {
  return { apiVersion: "v1", kind: "Service", namespace, name };
}

/** Say that a Service is of another inventory. */
export async function claimFor(
  { client }: FaultGround,
  namespace: string,
  name: string,
  inventory: string,
): Promise<void> {
  const metadata = { labels: { [inventoryLabel]: inventory } };
  await client.patch(serviceRef(namespace, name), { metadata });
}

/** Say that a Service is to stay. */
export async function keep(
  { client }: FaultGround,
  namespace: string,
  name: string,
): Promise<void> {
  const metadata = { annotations: { [keepAnnotation]: "true" } };
  await client.patch(serviceRef(namespace, name), { metadata });
}

/** Set the replicas of a shop's workload as another controller would. */
export async function holdReplicas(
  { client }: FaultGround,
  namespace: string,
  fieldManager: string,
): Promise<void> {
  await client.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: { replicas: 5 },
  }, { fieldManager, force: true });
}

/** The lease on an inventory. */
export function leaseRef(name: string): ObjectRef {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: systemNamespace, name };
}

/** A kubeconfig whose certificate the cluster's CA signed, and which ended with the year 2020. */
export async function expiredKubeconfig({ cluster, folder }: FaultGround): Promise<string> {
  const certificates = await Deno.makeTempDir({ dir: folder });
  for (const file of ["ca.crt", "ca.key"]) {
    await Deno.copyFile(`${cluster.folder}/certs/${file}`, `${certificates}/${file}`);
  }
  const issuedAt = Temporal.Instant.from("2020-01-01T00:00:00Z");
  const request = { file: "late", signedBy: "ca", commonName: "late" };
  await ensureCertificates(certificates, issuedAt, [request]);
  const file = `${folder}/expired.kubeconfig`;
  const user = {
    "client-certificate": `${certificates}/late.crt`,
    "client-key": `${certificates}/late.key`,
  };
  const authority = { "certificate-authority": `${certificates}/ca.crt` };
  await Deno.writeTextFile(file, kubeconfigText(cluster.server, user, authority));
  return file;
}

/** Where Deno keeps the project's dependencies, which a full disk of ours must not take from it. */
export function denoFolder(): string {
  const { env } = Deno;
  const caches = env.get("XDG_CACHE_HOME") ?? `${env.get("HOME")}/.cache`;
  return env.get("DENO_DIR") ?? `${caches}/deno`;
}

/** A disk of 1 MiB, or of another size. */
export async function smallDisk(
  ground: Pick<FaultGround, "folder">,
  size = "1m",
): Promise<{ folder: string; unmount: () => Promise<void> }> {
  const folder = `${ground.folder}/small-disk`;
  await Deno.mkdir(folder);
  await succeed("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  return { folder, unmount: () => succeed("umount", folder) };
}

async function succeed(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) {
    throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}
