import type { ObjectRef } from "../../core/object.ts";
import { backupSubject } from "../../platform/backups.ts";
import type { ClusterVault, Platform, Vault, VaultInitialize } from "../../platform/types.ts";
import { isInCluster, vaultAddress, vaultShares } from "../../platform/vaults.ts";
import type { KeyNode, Way } from "./key_node.ts";
import { anyHolder, freely, holderNodes, idOf, node, one } from "./node.ts";
import { veleroBackupsOf } from "./velero_backups.ts";

/** Vaults, what unseals them, and who holds that. */
export function vaultNodes(platform: Platform): KeyNode[] {
  return Object.entries(platform.vaults).flatMap(([name, vault]) => [
    ...(isDevelopment(vault) ? [] : unsealNodes(name, vault, platform)),
    ...(isInCluster(vault)
      ? [clusterNode(name, vault, platform)]
      : outsideNodes(name, vault, platform)),
  ]);
}

/** The StatefulSet of a Vault; for one outside, those of the Vaults that it unseals. */
function objectsOf(name: string, vault: Vault, { vaults }: Platform): ObjectRef[] {
  const those = isInCluster(vault)
    ? [[name, vault] as const]
    : Object.entries(vaults).filter((entry): entry is [string, ClusterVault] =>
      isInCluster(entry[1]) && entry[1].seal?.vault === name
    );
  return those.map(([name, { namespace }]) => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    namespace,
    name,
  }));
}

function isDevelopment(vault: Vault): boolean {
  return isInCluster(vault) && vault.development !== undefined;
}

function clusterNode(name: string, vault: ClusterVault, platform: Platform): KeyNode {
  const { namespace, development } = vault;
  const restored = [...jobsOf(name, platform), ...veleroBackupsOf(platform, namespace, "volumes")];
  return node("vault", name, {
    place: "cluster",
    keptAt: `namespace ${namespace}`,
    ways: restored.map((backup) => ({
      what: "restored and unsealed",
      needs: [one("backup", backup), unsealNeed(name, vault)],
    })),
    objects: objectsOf(name, vault, platform),
    ...(development === undefined ? {} : { harmless: development.because }),
  });
}

/** The host of a Vault outside of the cluster outlives it. */
function outsideNodes(name: string, vault: Vault, platform: Platform): KeyNode[] {
  const { outside } = vault;
  const { holders } = platform.backups ?? {};
  const unsealed: Way = { what: "unsealed", needs: [unsealNeed(name, vault)] };
  return [
    node("vault", name, {
      place: "outside",
      keptAt: vaultAddress(name, vault),
      ways: [
        unsealed,
        ...[
          ...jobsOf(name, platform),
          ...(outside?.backupsKeptAt === undefined ? [] : [snapshotsOf(name)]),
        ].map((backup) => ({
          what: "restored and unsealed",
          needs: [one("backup", backup), unsealNeed(name, vault)],
        })),
      ],
      objects: objectsOf(name, vault, platform),
    }),
    ...(outside?.backupsKeptAt === undefined ? [] : [node("backup", snapshotsOf(name), {
      place: "store",
      keptAt: outside.backupsKeptAt,
      ways: [holders === undefined ? freely : { what: "decrypted", needs: anyHolder(holders) }],
      objects: objectsOf(name, vault, platform),
      protects: [idOf("vault", name)],
    })]),
  ];
}

/** Snapshots of a Vault that its own host makes. */
function snapshotsOf(name: string): string {
  return `${name} snapshots`;
}

/** Jobs that back up a Vault. */
function jobsOf(name: string, { backups }: Platform): string[] {
  return Object.entries(backups?.jobs ?? {}).filter(([, { covers = [] }]) =>
    covers.map(backupSubject).some((subject) =>
      subject.section === "vaults" && subject.name === name
    )
  ).map(([job]) => job);
}

function unsealNeed(name: string, vault: Vault) {
  return one(isInCluster(vault) && vault.seal !== undefined ? "transit key" : "shares", name);
}

/**
 * What unseals a Vault. Recovery shares, which one has that another Vault unseals, do not: they stand for the right
 * to make a root token.
 */
function unsealNodes(name: string, vault: Vault, platform: Platform): KeyNode[] {
  const objects = objectsOf(name, vault, platform);
  const { initialize } = vault;
  if (isInCluster(vault) && vault.seal !== undefined) {
    const sealer = platform.vaults[vault.seal.vault];
    const inCluster = sealer !== undefined && isInCluster(sealer);
    return [
      node("transit key", name, {
        place: inCluster ? "cluster" : "outside",
        keptAt: `${vault.seal.mountPath}/${vault.seal.key} in the vault ${vault.seal.vault}`,
        ways: [{ what: "used", needs: [one("vault", vault.seal.vault)] }],
        objects,
      }),
      ...holderNodes(initialize?.holders),
    ];
  }
  return [
    node("shares", name, { ...sharesOf(vault, initialize), objects }),
    ...holderNodes(initialize?.holders),
  ];
}

function sharesOf(
  vault: Vault,
  initialize: VaultInitialize | undefined,
): Pick<KeyNode, "place" | "keptAt" | "ways" | "harmless" | "unnamed"> {
  if (initialize === undefined) {
    return { place: "people", keptAt: "nobody is named", ways: [freely], unnamed: true };
  }
  const { shares, threshold } = vaultShares(initialize);
  const names = Object.keys(initialize.holders ?? {});
  if (names.length === 0) {
    const namespace = isInCluster(vault) ? vault.namespace : "";
    return {
      place: "cluster",
      keptAt: `Secret ${namespace}/${initialize.secret?.name}`,
      ways: [],
      ...(initialize.development === true ? { harmless: "it is for development" } : {}),
    };
  }
  const of = Array.from(
    { length: shares },
    (_, index) => idOf("holder", names[index % names.length]!),
  );
  return {
    place: "people",
    keptAt: `one file for each of ${shares} shares, encrypted to its holder`,
    ways: [{ what: `${threshold} of ${shares} shares`, needs: [{ of, atLeast: threshold }] }],
  };
}
