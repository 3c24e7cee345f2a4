import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { ClusterVault, Platform, SecretKey } from "../types.ts";
import { clusterVaults } from "../vaults.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";
import { checkVaultInitialize } from "./vault_initialize.ts";
import { checkVaultAddresses, checkVaultCertificate, checkVaultRoutes } from "./vault_tls.ts";

/** A Vault that unseals itself needs another one and a token for it; in memory it cannot have several pods. */
export function checkVaults(platform: Platform): Mistake[] {
  return [
    ...clusterVaults(platform).flatMap(([name, vault]) => [
      ...checkResources(["vaults", name, "resources"], vault.resources),
      ...checkReplicas(name, vault),
      ...checkSeal(name, vault, platform),
      ...checkVaultCertificate(name, vault, platform),
      ...checkDevelopment(name, vault, platform),
    ]),
    ...checkVaultInitialize(platform),
    ...checkVaultAddresses(platform),
    ...checkVaultRoutes(platform),
  ];
}

function checkReplicas(name: string, { replicas, development }: ClusterVault): Mistake[] {
  const path = ["vaults", name, "replicas"];
  if (development !== undefined) {
    return replicas === 1 ? [] : [{
      path,
      message: `${replicas}, expected 1: each pod would have secrets of its own in memory`,
    }];
  }
  return replicas % 2 === 1 ? [] : [{
    path,
    message: `${replicas}, expected an odd number: Raft needs more than half of the servers, ` +
      `so ${replicas} bear the loss of no more than ${replicas - 1} do`,
  }];
}

function checkSeal(name: string, { namespace, seal }: ClusterVault, platform: Platform): Mistake[] {
  if (seal === undefined) return [];
  const path = ["vaults", name, "seal"];
  const others = Object.keys(platform.vaults).filter((other) => other !== name);
  return [
    ...refer([...path, "vault"], seal.vault, others, "other vault"),
    ...checkKey([...path, "token"], namespace, seal.token, platform),
  ];
}

/** A Vault in memory is never sealed, and has no certificate of the platform's. */
function checkDevelopment(name: string, vault: ClusterVault, platform: Platform): Mistake[] {
  const { namespace, development, seal, tls } = vault;
  if (development === undefined) return [];
  const path = ["vaults", name];
  const needless = [
    ...(seal === undefined ? [] : [{ key: "seal", because: "which is never sealed" }]),
    ...(tls === undefined ? [] : [{ key: "tls", because: "which serves plain HTTP" }]),
  ];
  return [
    ...checkKey([...path, "development", "rootToken"], namespace, development.rootToken, platform),
    ...needless.map(({ key, because }) => ({
      path: [...path, key],
      message: `expected none beside development, ${because}`,
      atKey: true,
    })),
  ];
}

function checkKey(
  path: Path,
  namespace: string,
  { secret, key }: SecretKey,
  platform: Platform,
): Mistake[] {
  const known = declaredSecrets(platform).filter((declared) => declared.namespace === namespace);
  const found = known.find(({ name }) => name === secret);
  return found === undefined
    ? refer(
      [...path, "secret"],
      secret,
      known.map(({ name }) => name),
      `secret in namespace ${namespace}`,
    )
    : refer([...path, "key"], key, found.keys, `key of secret ${secret}`);
}
