import { backupSubject, namespaceOf, storeKeys } from "../backups.ts";
import { type DeclaredSecret, declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Backups, BackupStore, Platform } from "../types.ts";
import { checkStoreSecret } from "./backup_secret.ts";
import { refer } from "./reference.ts";
import { checkVelero } from "./velero.ts";
import { checkResources } from "./resources.ts";

/** Backups need their stores, secrets and namespaces, and say of each thing only once what becomes of it. */
export function checkBackups(platform: Platform): Mistake[] {
  const { backups } = platform;
  if (backups === undefined) return [];
  const { velero } = backups;
  return [
    ...Object.entries(backups.stores).flatMap(([name, store]) => checkStore(name, store, platform)),
    ...checkRunner(backups),
    ...Object.keys(backups.jobs).flatMap((name) => checkJob(name, backups, platform)),
    ...velero === undefined ? [] : checkVelero(velero, backups.stores, platform),
    ...checkUncovered(backups, platform),
  ];
}

function checkStore(name: string, store: BackupStore, platform: Platform): Mistake[] {
  const path = ["backups", "stores", name];
  const { bucket, onThisCluster, offsite } = store;
  if (onThisCluster === undefined) return [];
  const mistakes = checkSubject([...path, "onThisCluster"], `minio/${onThisCluster}`, platform);
  if (offsite) {
    mistakes.push({
      path: [...path, "offsite"],
      message: `onThisCluster is ${onThisCluster}, expected one of both: ` +
        "a store of this cluster is gone with its site",
      atKey: true,
    });
  }
  const buckets = platform.minio[onThisCluster]?.buckets;
  return buckets === undefined
    ? mistakes
    : [...mistakes, ...refer([...path, "bucket"], bucket, Object.keys(buckets), "bucket there")];
}

function checkRunner({ jobs, image, resources }: Backups): Mistake[] {
  const names = Object.keys(jobs);
  const missing = [
    ...image === undefined ? ["image"] : [],
    ...resources === undefined ? ["resources"] : [],
  ];
  return [
    ...names.length === 0 || missing.length === 0 ? [] : [{
      path: ["backups", "jobs"],
      message: `${names.join(", ")} given, and no ${missing.join(" and no ")}, expected backups.${
        missing.join(" and backups.")
      }, by which jobs run`,
      atKey: true,
    }],
    ...resources === undefined ? [] : checkResources(["backups", "resources"], resources),
  ];
}

function checkJob(name: string, { jobs, stores }: Backups, platform: Platform): Mistake[] {
  const path = ["backups", "jobs", name];
  const { namespace, envFromSecrets = [], clientCertificate, store, keep, covers = [] } =
    jobs[name]!;
  const secrets = declaredSecrets(platform).filter((secret) => secret.namespace === namespace);
  const names = secrets.map((secret) => secret.name);
  const target = stores[store ?? ""];
  return [
    ...envFromSecrets.flatMap((secret, index) =>
      refer([...path, "envFromSecrets", index], secret, names, `secret in namespace ${namespace}`)
    ),
    ...clientCertificate === undefined ? [] : checkCertificate(
      [...path, "clientCertificate"],
      clientCertificate,
      namespace,
      secrets,
    ),
    ...store === undefined
      ? []
      : target === undefined
      ? refer([...path, "store"], store, Object.keys(stores), "backup store")
      : checkStoreSecret([...path, "store"], store, target, namespace, storeKeys, platform),
    ...keep !== undefined && store === undefined
      ? [{
        path: [...path, "keep"],
        message: "no store beside it, expected one: nobody knows where old backups are",
        atKey: true,
      }]
      : [],
    ...covers.flatMap((subject, index) =>
      checkSubject([...path, "covers", index], subject, platform)
    ),
  ];
}

function checkCertificate(
  path: Path,
  name: string,
  namespace: string,
  secrets: readonly DeclaredSecret[],
): Mistake[] {
  const secret = secrets.find((one) => one.name === name);
  if (secret === undefined) {
    return refer(path, name, secrets.map((one) => one.name), `secret in namespace ${namespace}`);
  }
  return ["tls.crt", "tls.key", "ca.crt"].filter((key) => !secret.keys.includes(key)).map((
    key,
  ) => ({
    path,
    message: `secret ${name} has no key ${key}, expected tls.crt, tls.key and ca.crt`,
  }));
}

function checkUncovered({ uncovered, jobs }: Backups, platform: Platform): Mistake[] {
  const covering = new Map(
    Object.entries(jobs).flatMap(([job, { covers = [] }]) =>
      covers.map((subject) => [subject, job] as const)
    ),
  );
  return Object.keys(uncovered).flatMap((subject) => {
    const path = ["backups", "uncovered", subject];
    const job = covering.get(subject);
    return [
      ...checkSubject(path, subject, platform).map((mistake) => ({ ...mistake, atKey: true })),
      ...job === undefined ? [] : [{
        path,
        message: `job ${job} covers it, expected one of both`,
        atKey: true,
      }],
    ];
  });
}

/** A mistake for a subject that the platform does not declare. */
function checkSubject(path: Path, text: string, platform: Platform): Mistake[] {
  const { section, name } = backupSubject(text);
  if (namespaceOf(platform, section, name) !== undefined) return [];
  const sections = Object.entries(platform)
    .filter(([key, value]) => typeof value === "object" && key !== "namespaces")
    .map(([key]) => key);
  const things = Object.keys(
    (platform as unknown as Record<string, Record<string, unknown>>)[section] ?? {},
  );
  return refer(path, section, sections, "section of the platform").length > 0
    ? refer(path, section, sections, "section of the platform")
    : refer(
      path,
      name,
      things.filter((thing) => namespaceOf(platform, section, thing) !== undefined),
      `thing in ${section}`,
    );
}
