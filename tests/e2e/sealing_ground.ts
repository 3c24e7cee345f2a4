import assert from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Context } from "../../lib/core/context.ts";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import type { KubeObject, Manifest } from "../../lib/core/object.ts";
import { clusterOperators, runOperators } from "../../lib/flows/embedded/operators.ts";
import { clusterKeys } from "../../lib/flows/seal/cluster_keys.ts";
import type { Controller } from "../../lib/flows/seal/controller.ts";
import { servedCertificate } from "../../lib/flows/seal/reseal_by_controller.ts";
import { controllerAt } from "../../lib/flows/seal/target.ts";
import { stopService } from "../../lib/flows/embedded/services.ts";
import { type Document, readDocuments, writeDocuments } from "../../lib/seal/document.ts";
import type { Scope } from "../../lib/seal/scope.ts";
import { sealSecret } from "../../lib/seal/seal.ts";
import type { SealedTree } from "../flows/seal/sealed_tree.ts";

const controllerNamespace = "kube-system";

/** What tests with a real controller share: a tree of sealed files, a store for its keys, and what flows told. */
export interface SealingGround extends AsyncDisposable {
  /** What flows need. */
  flow: Context;
  /** All that they told. */
  events: SlipwayEvent[];
  /** The last summary. */
  summary(): Record<string, unknown>;
  /** What a backup of the controller's keys is asked with. */
  request: { cluster: string; store: string; recipient: string[] };
  /** What their restore is asked with. */
  restore: { cluster: string; store: string; identity: string[] };
  /** Files of the store, with their bytes as text. */
  stored(): Promise<Record<string, string>>;
  /** Start the controller, or leave it running. */
  start(): Promise<void>;
  /** Stop the controller. */
  stop(): Promise<void>;
  /** The way to the controller. */
  controller(): Promise<Controller>;
  /** Seal `value of <name>` with the certificate that the controller serves, into a file of the tree. */
  seal(path: string, options: { name: string; scope?: Scope }): Promise<void>;
  /** Apply a file of the tree. */
  apply(path: string): Promise<void>;
  /** The value that the controller opened, once it did. */
  opened(name: string): Promise<string>;
  /** Write the certificates of all keys to certs/all.pem. */
  keepCertificates(): Promise<void>;
  /** Fingerprints of all keys, the newest first. */
  fingerprints(): Promise<string[]>;
  /** Make the cluster new, as far as sealing goes: no keys, SealedSecrets and Secrets. Returns what keys it had. */
  wipe(): Promise<string[]>;
}

/** Make the ground; the cluster runs already. */
export async function sealingGround(
  tree: SealedTree,
  { cluster, client, context }: { cluster: string; client: ClusterClient; context: Context },
): Promise<SealingGround> {
  const events: SlipwayEvent[] = [];
  const flow: Context = { ...context, cwd: tree.root, emit: (event) => void events.push(event) };
  const store = await Deno.makeTempDir({ prefix: "slipway-keys-" });
  const identity = await generateIdentity();
  await tree.write("me.txt", `${identity}\n`);
  const controller = async () => {
    const [running] = await clusterOperators(cluster, flow);
    return controllerAt(running!.url, "the controller", flow);
  };
  const keys = () => clusterKeys(client, controllerNamespace, flow);
  const fingerprints = async () => (await keys()).map(({ certificate }) => certificate.fingerprint);
  const secrets = { apiVersion: "v1", kind: "Secret", namespace: "shop" };
  const sealedSecrets = {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    namespace: "shop",
  };
  return {
    flow,
    events,
    summary: () => ({ ...events.findLast(({ type }) => type === "summary") }),
    request: { cluster, store, recipient: [await identityToRecipient(identity)] },
    restore: { cluster, store, identity: ["me.txt"] },
    stored: () => filesBelow(store),
    start: async () => void await runOperators(cluster, ["sealed-secrets"], context),
    stop: async () => assert.equal(await stopService(cluster, "sealed-secrets", context), true),
    controller,
    async seal(path, { name, scope = "strict" }) {
      const certificate = await servedCertificate(await controller());
      const values = new Map([["PASSWORD", new TextEncoder().encode(`value of ${name}`)]]);
      const secret = { name, namespace: "shop", metadata: {}, values };
      const sealed = await sealSecret(secret, certificate, { scope, place: path });
      await tree.write(path, writeDocuments([sealed], "yaml"));
    },
    async apply(path) {
      const [document] = readDocuments(await tree.read(path), path);
      await client.apply((document as Document).value as unknown as Manifest);
    },
    async opened(name) {
      const query = { ...secrets, fieldSelector: `metadata.name=${name}` };
      const signal = AbortSignal.timeout(20_000);
      for await (
        const event of client.watch<KubeObject & { data?: Record<string, string> }>(query, {
          signal,
        })
      ) {
        if (event.type === "synced" || event.type === "deleted") continue;
        return atob(event.object.data?.["PASSWORD"] ?? "");
      }
      throw new Error(`the controller did not open ${name}`);
    },
    async keepCertificates() {
      const pems = (await keys()).map(({ secret }) =>
        new TextDecoder().decode(secret.values.get("tls.crt"))
      );
      await tree.write("certs/all.pem", pems.join(""));
    },
    fingerprints,
    async wipe() {
      const had = await fingerprints();
      for (const { name } of await keys()) {
        await client.delete({ ...secrets, namespace: controllerNamespace, name });
      }
      for (const query of [sealedSecrets, secrets]) {
        for (const { metadata } of (await client.list(query)).items) {
          await client.delete({ ...query, name: metadata.name });
        }
      }
      return had;
    },
    [Symbol.asyncDispose]: () => Deno.remove(store, { recursive: true }),
  };
}

async function filesBelow(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await filesBelow(path));
    else files[path] = new TextDecoder("latin1").decode(await Deno.readFile(path));
  }
  return files;
}
