import { type Mistake, type Path, pathText } from "../mistake.ts";
import type { KubernetesRole, Platform, VaultAuth, VaultConfiguration } from "../types.ts";
import { allows } from "../vault_acl.ts";
import { type CompleteVaultConfiguration, mountOf } from "../vault_configuration.ts";
import type { VaultNeed } from "../vault_reads.ts";
import { refer } from "./reference.ts";
import { checkAccounts } from "./vault_accounts.ts";

/** Vault's own policies. Source: Vault, "Policies", built-in policies. */
const ownPolicies = ["default", "root"];

/** What a policy may name besides the engines. */
const systemPaths = ["sys", "auth", "identity", "cubbyhole"];

/** Fields that only one type of auth method has. */
const ownField = {
  kubernetes: "kubernetesRoles",
  approle: "appRoles",
  token: "tokenRoles",
} as const;

/** Policies speak of what is there, roles name policies that are there, and all who log in get what they need. */
export function checkVaultAccess(
  path: Path,
  declared: VaultConfiguration,
  all: CompleteVaultConfiguration,
  platform: Platform,
): Mistake[] {
  return [
    ...Object.entries(declared.policies ?? {}).flatMap(([name, { paths }]) => {
      const at = [...path, "policies", name];
      return [
        ...checkPolicyName(at, name),
        ...Object.keys(paths).flatMap((pattern) =>
          checkPattern([...at, "paths", pattern], pattern, all)
        ),
      ];
    }),
    ...Object.entries(declared.auth ?? {}).flatMap(([mount, method]) =>
      checkMethod([...path, "auth", mount], mount, method, all, platform)
    ),
  ];
}

/** What follows from the platform must be possible in Vault, and what is declared must be enough for it. */
export function checkVaultNeeds(all: CompleteVaultConfiguration): Mistake[] {
  return all.needs.flatMap((need: VaultNeed): Mistake[] => {
    const { path, method, mount, role, account, audience, paths } = need;
    const options = all.auth[mount];
    if (options !== undefined && options.type !== method) {
      return [{
        path,
        message:
          `logs in by ${method} at ${mount}, which is a method ${options.type}, expected another mount`,
      }];
    }
    const named = method === "kubernetes"
      ? options?.kubernetesRoles?.[role]
      : method === "approle"
      ? options?.appRoles?.[role]
      : options?.tokenRoles?.[role];
    if (named === undefined) return [];
    const policies = named.policies.flatMap((name) => all.policies[name] ?? []);
    const mistakes = Object.entries(paths).flatMap(([wanted, capabilities]) =>
      capabilities.filter((capability) => !allows(policies, wanted, capability)).map((
        capability,
      ): Mistake => ({
        path,
        message:
          `its role ${mount}/${role} has no policy that allows ${capability} on ${wanted}, expected one`,
      }))
    );
    if (account === undefined) return mistakes;
    const kubernetes = named as KubernetesRole;
    if (!kubernetes.serviceAccounts.includes(account)) {
      mistakes.push({
        path,
        message:
          `logs in as ${account}, which the role ${mount}/${role} does not let in, expected one of ${
            kubernetes.serviceAccounts.join(", ")
          }`,
      });
    }
    if (kubernetes.audience !== undefined && kubernetes.audience !== audience) {
      mistakes.push({
        path,
        message: `its tokens are for ${
          audience ?? "the API server"
        }, the role ${mount}/${role} wants ${kubernetes.audience}, expected a role of its own`,
      });
    }
    return mistakes;
  });
}

function checkPolicyName(path: Path, name: string): Mistake[] {
  if (ownPolicies.includes(name)) {
    return [{ path, message: `${name} is Vault's own, expected another name`, atKey: true }];
  }
  return name === name.toLowerCase() ? [] : [{
    path,
    message: "Vault writes names of policies small, expected small letters",
    atKey: true,
  }];
}

function checkPattern(
  path: Path,
  pattern: string,
  { mounts }: CompleteVaultConfiguration,
): Mistake[] {
  const first = pattern.split("/")[0]!;
  if (systemPaths.includes(first) || /[*+]/.test(first)) return [];
  const mount = mountOf(pattern.replace(/\*$/, ""), Object.keys(mounts)) ??
    mountOf(pattern.replace(/\/?\*$/, ""), Object.keys(mounts));
  if (mount === undefined) {
    return [{
      path,
      message: `${pattern} is in no secrets engine, expected a path in ${
        Object.keys(mounts).toSorted().join(", ") || "one, which mounts declares"
      }`,
      atKey: true,
    }];
  }
  if (mounts[mount]!.type !== "kv-v2") return [];
  const part = pattern.slice(mount.length + 1).split("/")[0]!;
  const known = ["data", "metadata", "delete", "undelete", "destroy", "subkeys", "config"];
  return known.includes(part) || /[*+]/.test(part) || part === "" ? [] : [{
    path,
    message:
      `opens nothing: secrets of the kv-v2 engine ${mount} are read at ${mount}/data/…, expected ${mount}/data/${
        pattern.slice(mount.length + 1)
      }`,
    atKey: true,
  }];
}

function checkMethod(
  path: Path,
  mount: string,
  method: VaultAuth,
  all: CompleteVaultConfiguration,
  platform: Platform,
): Mistake[] {
  const fields = Object.entries(ownField).filter(([type, field]) =>
    type !== method.type && method[field] !== undefined
  ).map(([type, field]): Mistake => ({
    path: [...path, field],
    message: `expected only with type: ${type}`,
    atKey: true,
  }));
  const misplaced: Mistake[] = (method.type === "token") === (mount === "token") ? [] : [{
    path,
    message: method.type === "token"
      ? "a method token, expected at token, where Vault has it"
      : `${mount} is Vault's own method token, expected another path`,
    atKey: true,
  }];
  const field = ownField[method.type];
  const roles = Object.entries<{ policies: string[] }>(method[field] ?? {}).flatMap((
    [name, { policies }],
  ) =>
    policies.flatMap((policy, index) => {
      const at = [...path, field, name, "policies", index];
      return policy === "root"
        ? [{ path: at, message: "root may do everything, expected a policy of its own" }]
        : refer(at, policy, ["default", ...Object.keys(all.policies)], "policy");
    })
  );
  const accounts = Object.entries(method.kubernetesRoles ?? {}).flatMap(([name, role]) =>
    checkAccounts([...path, "kubernetesRoles", name, "serviceAccounts"], role, platform)
  );
  return [...fields, ...misplaced, ...roles, ...accounts];
}

/** Two who share a derived role share its audience and its namespaces, so they must be able to. */
export function checkDerivedRoles(all: CompleteVaultConfiguration): Mistake[] {
  const byRole = Map.groupBy(
    all.needs.filter(({ account, mount, role }) =>
      account !== undefined && all.because[`auth/${mount}/${role}`] !== undefined
    ),
    ({ mount, role }) => `${mount}/${role}`,
  );
  return [...byRole].flatMap(([name, [first, ...others]]) =>
    others.filter(({ account }) => {
      const [a, b] = [first!.account!, account!].map((text) => text.split("/"));
      return a![0] !== b![0] && a![1] !== b![1];
    }).map(({ path }) => ({
      path,
      message: `shares the role ${name} with ${
        pathText(first!.path)
      }, of another namespace and service account: Vault would let in both names in both namespaces, expected a role of its own`,
    }))
  );
}
