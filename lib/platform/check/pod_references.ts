import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { PodContainer } from "../pod_containers.ts";
import type { EnvValue, Mount, Platform, PodOptions } from "../types.ts";
import { refer, within } from "./reference.ts";

/** Names of a namespace's Secrets or ConfigMaps, each with its keys where they are known. */
type Known = ReadonlyMap<string, readonly string[] | undefined>;

interface KnownTexts {
  secret: Known;
  config: Known;
  namespace: string;
}

/** Secrets and ConfigMaps that a pod needs must be declared in its namespace, with the keys it asks for. */
export function checkPodReferences(
  path: Path,
  containers: readonly PodContainer[],
  pod: PodOptions,
  platform: Platform,
): Mistake[] {
  const { namespace } = pod;
  const secrets = declaredSecrets(platform).filter((secret) => secret.namespace === namespace);
  const known: KnownTexts = {
    secret: new Map(secrets.map(({ name, keys }) => [name, keys])),
    config: new Map(
      within(platform.configMaps, namespace).map(([name, { data }]) => [name, Object.keys(data)]),
    ),
    namespace,
  };
  const pullSecrets = secrets.filter(({ type }) => type === "kubernetes.io/dockerconfigjson");
  const approle = pod.vaultAgent?.auth.approle;
  return [
    ...(pod.imagePullSecrets ?? []).flatMap((secret, index) =>
      refer(
        [...path, "imagePullSecrets", index],
        secret,
        pullSecrets.map(({ name }) => name),
        `pull secret in namespace ${namespace}`,
      )
    ),
    ...containers.flatMap((container) => checkContainer(container, known)),
    ...(approle === undefined ? [] : (["roleIdKey", "secretIdKey"] as const).flatMap((key) => {
      const at = [...path, "vaultAgent", "auth", "approle"];
      const wanted = approle[key] ?? (key === "roleIdKey" ? "role-id" : "secret-id");
      return [
        ...(key === "roleIdKey" ? referTo([...at, "secret"], "secret", approle.secret, known) : []),
        ...referToKey([...at, key], "secret", approle.secret, wanted, known),
      ];
    })),
  ];
}

function checkContainer({ path, options }: PodContainer, known: KnownTexts): Mistake[] {
  return [
    ...(options.envFromSecrets ?? []).flatMap((name, index) =>
      referTo([...path, "envFromSecrets", index], "secret", name, known)
    ),
    ...(options.envFromConfigs ?? []).flatMap((name, index) =>
      referTo([...path, "envFromConfigs", index], "config", name, known)
    ),
    ...Object.entries(options.env ?? {}).flatMap(([variable, value]) =>
      checkVariable([...path, "env", variable], value, known)
    ),
    ...Object.entries(options.mounts ?? {}).flatMap(([file, mount]) =>
      checkMount([...path, "mounts", file], mount, known)
    ),
  ];
}

function checkVariable(path: Path, value: EnvValue, known: KnownTexts): Mistake[] {
  if (typeof value === "string" || "field" in value) return [];
  const [what, name] = "secret" in value
    ? ["secret", value.secret] as const
    : ["config", value.config] as const;
  return [
    ...referTo([...path, what], what, name, known),
    ...referToKey([...path, "key"], what, name, value.key, known),
  ];
}

function checkMount(path: Path, mount: Mount, known: KnownTexts): Mistake[] {
  const what = mount.secret !== undefined ? "secret" : "config";
  const name = mount[what];
  if (name === undefined) {
    return mount.items === undefined ? [] : [{
      path: [...path, "items"],
      message: "items without a secret or config, expected only beside one of them",
      atKey: true,
    }];
  }
  return [
    ...referTo([...path, what], what, name, known),
    ...Object.keys(mount.items ?? {}).flatMap((key) =>
      referToKey([...path, "items", key], what, name, key, known)
        .map((mistake) => ({ ...mistake, atKey: true }))
    ),
  ];
}

const kinds = { secret: "secret", config: "config map" };

function referTo(path: Path, what: "secret" | "config", name: string, known: KnownTexts) {
  return refer(path, name, known[what].keys(), `${kinds[what]} in namespace ${known.namespace}`);
}

/** Of what is not declared, or has keys that nobody knows, any key may be there. */
function referToKey(
  path: Path,
  what: "secret" | "config",
  name: string,
  key: string,
  known: KnownTexts,
): Mistake[] {
  return refer(path, key, known[what].get(name) ?? [key], `key of ${kinds[what]} ${name}`);
}
