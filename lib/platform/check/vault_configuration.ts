import type { Mistake, Path } from "../mistake.ts";
import type { Platform, VaultConfiguration } from "../types.ts";
import {
  type CompleteVaultConfiguration,
  mountOf,
  vaultConfigurationOf,
} from "../vault_configuration.ts";
import { refer } from "./reference.ts";
import { checkDerivedRoles, checkVaultAccess, checkVaultNeeds } from "./vault_access.ts";
import { checkSecretPath, checkVaultEngines } from "./vault_engines.ts";

/** What is declared of the contents of Vaults must fit together, and be enough for all who ask them. */
export function checkVaultConfigurations(platform: Platform): Mistake[] {
  return Object.entries(platform.vaults).flatMap(([name, { configuration }]) => {
    const path = ["vaults", name, "configuration"];
    const all = vaultConfigurationOf(platform, name);
    const mistakes = [...checkVaultNeeds(all), ...checkDerivedRoles(all)];
    if (configuration === undefined) return mistakes;
    return [
      ...checkVaultEngines(path, configuration.mounts ?? {}, all.mounts),
      ...checkVaultAccess(path, configuration, all, platform),
      ...checkSeeds(path, configuration, all),
      ...checkCertificates(all),
      ...mistakes,
    ];
  });
}

function checkSeeds(
  path: Path,
  { seeds = {} }: VaultConfiguration,
  { mounts, auth }: CompleteVaultConfiguration,
): Mistake[] {
  const appRoles = Object.entries(auth).flatMap(([mount, { appRoles = {} }]) =>
    Object.keys(appRoles).map((role) => `${mount}/${role}`)
  );
  const tokenRoles = Object.keys(auth["token"]?.tokenRoles ?? {});
  return Object.entries(seeds).flatMap(([secret, keys]) => [
    ...checkSecretPath([...path, "seeds", secret], secret, mounts, true),
    ...Object.entries(keys).flatMap(([key, seed]) => {
      const at = [...path, "seeds", secret, key];
      return [
        ...(["roleIdOf", "secretIdOf"] as const).flatMap((field) =>
          seed[field] === undefined ? [] : refer([...at, field], seed[field], appRoles, "AppRole")
        ),
        ...(seed.tokenOf === undefined
          ? []
          : refer([...at, "tokenOf"], seed.tokenOf, tokenRoles, "token role")),
      ];
    }),
  ]);
}

/** Certificates are asked of a role of a pki engine. */
function checkCertificates({ mounts, needs }: CompleteVaultConfiguration): Mistake[] {
  const engines = Object.entries(mounts).filter(([, { type }]) => type === "pki");
  return needs.flatMap(({ path, paths }) =>
    Object.keys(paths).flatMap((wanted) => {
      const [, engine = "", role = ""] = /^(.+)\/(?:sign|issue)\/([^/]+)$/.exec(wanted) ?? [];
      if (role === "") return [];
      const mount = mountOf(wanted, engines.map(([name]) => name));
      return mount === engine
        ? refer(
          path,
          role,
          Object.keys(mounts[mount]!.pkiRoles ?? {}),
          `role of the engine ${mount}`,
        )
        : refer(path, engine, engines.map(([name]) => name), "pki engine");
    })
  );
}
