import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { type Manifest, type ObjectRef, refOf } from "../../lib/core/object.ts";
import { startCluster } from "../../lib/flows/embedded/cluster.ts";
import { runOperators } from "../../lib/flows/embedded/operators.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { syncNow } from "../../lib/flows/secrets/deliver.ts";
import { runService, serviceSite } from "../../lib/flows/embedded/services.ts";
import { throwIfNotReady, waitUntilReady } from "../../lib/kube/wait/wait.ts";
import { defaultClusterName } from "../../lib/local/paths.ts";
import { operators, operatorService } from "../../lib/local/services/operators.ts";
import { type Ground, withGround } from "../e2e/ground.ts";
import { startAws } from "./clouds/aws.ts";
import { startAzure } from "./clouds/azure.ts";
import { type Cloud, makeAuthority, mayListen } from "./clouds/cloud.ts";
import { startGcp } from "./clouds/gcp.ts";

const source = new URL("../../manifests/platforms/monobase/platform.yaml", import.meta.url);

/** What a store of Monobase must have been asked, by the cloud that it reads from. */
const wanted: Record<Cloud["use"], readonly RegExp[]> = {
  aws: [
    /^AssumeRoleWithWebIdentity arn:aws:iam::000000000000:role\/\S+-secrets as system:serviceaccount:\S+:secrets for sts\.amazonaws\.com$/,
    /^AssumeRoleWithWebIdentity arn:\S+ as system:serviceaccount:external-secrets-system:shared-secrets for/,
    /^secretsmanager\.GetSecretValue \S+-api$/,
  ],
  azure: [
    /^\/0{8}-\S+\/oauth2\/v2\.0\/token https:\/\/vault\.azure\.net\/\.default .*as system:serviceaccount:\S+:secrets for api:\/\/AzureADTokenExchange$/,
    /^monobase-shared\.vault\.azure\.net\/secrets\/shared-grafana\//,
  ],
  gcp: [
    /^exchange for .*clusters\/monobase as system:serviceaccount:\S+:secrets for monobase-clients\.svc\.id\.goog$/,
    /^GenerateAccessToken projects\/-\/serviceAccounts\/shared@monobase-shared\.iam\.gserviceaccount\.com$/,
    /^AccessSecretVersion projects\/monobase-shared\/secrets\/shared-grafana\/versions\/latest$/,
  ],
};

Deno.test({
  name: "Monobase's secrets come from AWS, Azure and Google Cloud by a real External Secrets",
  ignore: !mayListen(),
  async fn(t) {
    const authority = await makeAuthority();
    await withGround(async (ground) => {
      const rendered = await renderedFor(ground, "aws");
      await using aws = startAws();
      await using azure = await startAzure(
        authority,
        keyVaultsOf(await renderedFor(ground, "azure")),
      );
      await using gcp = await startGcp(authority, "monobase-clients");
      const clouds: Cloud[] = [aws, azure, gcp];
      await startCluster(defaultClusterName, ground.context);
      await runOperators(defaultClusterName, ["external-secrets"], ground.context);
      await leadTo(clouds, authority.caCert, ground);
      await ground.asAdmin(async (client) => {
        for (const name of new Set(rendered.flatMap(({ metadata }) => metadata.namespace ?? []))) {
          const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
          await client.apply(namespace, { force: true });
        }
      });
      for (const cloud of clouds) {
        await t.step(
          `values arrive from ${cloud.use}, and a rotation is seen`,
          () => ground.asAdmin(async (client) => await steps(client, cloud, ground)),
        );
      }
    });
  },
});

async function steps(client: ClusterClient, cloud: Cloud, ground: Ground): Promise<void> {
  const manifests = await renderedFor(ground, cloud.use);
  const externalSecrets = manifests.filter(({ kind }) => kind === "ExternalSecret");
  for (const { remote, property, value } of externalSecrets.flatMap(valuesOf)) {
    cloud.secrets.set(remote, {
      ...cloud.secrets.get(remote),
      [property]: `${value} of ${cloud.use}`,
    });
  }
  for (const manifest of manifests) await client.apply(manifest, { force: true });
  await ready(client, manifests, ground);
  for (const manifest of externalSecrets) {
    // What a former cloud delivered is there until the source is read again.
    await syncNow(client, readerOf(manifest), ground.context);
    const expected = Object.fromEntries(
      valuesOf(manifest).map(({ key, value }) => [key, `${value} of ${cloud.use}`]),
    );
    assert.deepEqual(await dataOf(client, manifest), expected, manifest.metadata.name);
  }
  for (const pattern of wanted[cloud.use]) {
    assert(cloud.asked.some((line) => pattern.test(line)), `${pattern}\n${cloud.asked.join("\n")}`);
  }

  const rotated = externalSecrets.find(({ metadata }) => metadata.name === "grafana")!;
  cloud.secrets.set("shared-grafana", { "admin-password": "rotated" });
  await syncNow(client, readerOf(rotated), ground.context);
  assert.deepEqual(await dataOf(client, rotated), { "admin-password": "rotated" });

  cloud.secrets.delete("shared-grafana");
  await assert.rejects(
    syncNow(client, readerOf(rotated), ground.context),
    /there is nothing at shared-grafana/,
  );
  cloud.secrets.set("shared-grafana", { other: "key" });
  await assert.rejects(
    syncNow(client, readerOf(rotated), ground.context),
    /shared-grafana has no property admin-password/,
  );
}

/** Monobase's stores, accounts and ExternalSecrets, as they are rendered with one of its sources. */
async function renderedFor({ context, stateHome }: Ground, use: Cloud["use"]): Promise<Manifest[]> {
  const folder = await Deno.makeTempDir({ dir: stateHome });
  const text = (await Deno.readTextFile(source)).replaceAll(/^ {4}use: aws$/gm, `    use: ${use}`);
  await Deno.writeTextFile(`${folder}/platform.yaml`, text);
  const request = { platform: `${folder}/platform.yaml`, env: "prod" };
  const { manifests } = await renderPlatform(request, context);
  const accounts = new Set(["secrets", "shared-secrets"]);
  return manifests.filter(({ kind, metadata }) =>
    kind === "ServiceAccount"
      ? accounts.has(metadata.name)
      : ["SecretStore", "ClusterSecretStore", "ExternalSecret"].includes(kind)
  );
}

/** Have External Secrets find the clouds, and trust their authority beside those of the machine. */
async function leadTo(clouds: readonly Cloud[], caCert: string, { context, stateHome }: Ground) {
  const bundle = `${stateHome}/clouds.crt`;
  await Deno.writeTextFile(bundle, caCert);
  const operator = operators["external-secrets"];
  const { address } = await serviceSite(defaultClusterName, operator.name, context);
  const service = operatorService(operator, { address, namespace: operator.namespace });
  await runService(defaultClusterName, {
    ...service,
    env: Object.assign({ SSL_CERT_FILE: bundle }, ...clouds.map(({ env }) => env)),
    hosts: Object.assign({}, ...clouds.map(({ hosts }) => hosts)),
  }, context);
}

async function ready(client: ClusterClient, manifests: readonly Manifest[], { context }: Ground) {
  const refs: ObjectRef[] = manifests.filter(({ kind }) => kind !== "ServiceAccount").map(refOf);
  const { signal, now } = context;
  throwIfNotReady(await waitUntilReady(client, refs, { signal, now, timeoutMs: 60_000 }));
}

function readerOf({ metadata: { name, namespace } }: Manifest) {
  return { namespace: namespace!, name };
}

/** Keys of a Secret, each with where its value is, and a value. */
function valuesOf(externalSecret: Manifest) {
  const { data } = externalSecret["spec"] as {
    data: { secretKey: string; remoteRef: { key: string; property: string } }[];
  };
  return data.map(({ secretKey, remoteRef: { key, property } }) => ({
    key: secretKey,
    remote: key,
    property,
    value: `${key} ${property}`,
  }));
}

async function dataOf(client: ClusterClient, { metadata }: Manifest) {
  const { name, namespace } = metadata;
  const secret = await client.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  const data = (secret?.["data"] ?? {}) as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]));
}

function keyVaultsOf(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap(({ spec }: Manifest & { spec?: { provider?: Provider } }) => {
    const url = spec?.provider?.azurekv?.vaultUrl;
    return url === undefined ? [] : [new URL(url).hostname];
  });
}

/** Source: External Secrets, AzureKVProvider. */
interface Provider {
  azurekv?: { vaultUrl: string };
}
