import { withOneSource } from "../../platform/secret_source.ts";
import type { ExternalSecret, Platform, SecretStore } from "../../platform/types.ts";
import { vaultAt } from "../../platform/vaults.ts";
import type { KeyNode, Need } from "./key_node.ts";
import { node, one } from "./node.ts";

/** External secrets, by the store that they come from, and accounts of clouds that have them. */
export function storeNodes(platform: Platform): KeyNode[] {
  const byStore = Map.groupBy(
    Object.entries(platform.externalSecrets),
    ([, { store }]) => store,
  );
  return [...byStore].flatMap(([name, secrets]) => {
    const store = platform.secretStores[name];
    if (store === undefined) return [];
    const { source, account } = sourceOf(store, platform);
    return [
      node("secrets", name, {
        place: "cluster",
        keptAt: countOf(secrets),
        ways: [{ what: "fetched", needs: [source] }],
      }),
      ...account,
    ];
  });
}

function countOf(secrets: readonly [string, ExternalSecret][]): string {
  return secrets.length === 1
    ? `the external secret ${secrets[0]![0]}`
    : `${secrets.length} external secrets`;
}

/** Where a store's secrets come from; whoever has a cloud's account gets at them without the cluster. */
function sourceOf(
  store: SecretStore,
  platform: Pick<Platform, "vaults">,
): { source: Need; account: KeyNode[] } {
  const { vault, aws, azure, gcp } = withOneSource(store);
  if (vault !== undefined) {
    const known = vaultAt(platform, vault.server);
    if (known !== undefined) return { source: one("vault", known), account: [] };
  }
  const name = vault?.server ??
    (aws !== undefined
      ? `AWS ${aws.region}`
      : azure !== undefined
      ? azure.vaultUrl
      : `Google Cloud ${gcp?.projectId}`);
  return {
    source: one("account", name),
    account: [node("account", name, {
      place: "outside",
      keptAt: "with its owner",
      ways: [{ what: "signed in to", needs: [] }],
    })],
  };
}

/** What a Secret's values come from; undefined where the platform does not say. */
export function secretSource(
  platform: Platform,
  namespace: string,
  secret: string,
): Need | undefined {
  const external = platform.externalSecrets[secret];
  if (external?.namespace === namespace) {
    const store = platform.secretStores[external.store];
    return store === undefined ? undefined : one("secrets", external.store);
  }
  return platform.sealedSecrets[secret]?.namespace === namespace
    ? one("sealed secrets", "platform file")
    : undefined;
}
