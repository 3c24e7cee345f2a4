import assert from "node:assert/strict";
import type { Longhorn, LonghornClass, Platform } from "../../../lib/platform/types.ts";
import {
  sampleCnpg,
  sampleDisk,
  sampleMinio,
  sampleMongodb,
  samplePostgresServer,
  sampleRedis,
  sampleSecrets,
  sampleValkey,
  sampleZalando,
} from "../sample_data.ts";
import { mistakesOf } from "./mistakes.ts";

const small = sampleMinio().resources;

/** Mistakes of a platform that has all that the samples need. */
function mistakes(changes: Partial<Platform>): string[] {
  return mistakesOf({
    namespaces: { shop: { podSecurity: "baseline" } },
    storageClasses: sampleDisk,
    sealedSecrets: sampleSecrets(),
    ...changes,
  });
}

Deno.test("checkPlatform() finds no mistake in data stores that have all they need", () => {
  assert.deepEqual(
    mistakes({
      postgres: { a: samplePostgresServer(), b: sampleZalando(), c: sampleCnpg() },
      mongodb: { d: sampleMongodb() },
      redis: { e: sampleRedis() },
      valkey: { f: sampleValkey() },
      minio: { g: sampleMinio() },
    }),
    [],
  );
});

const archive = {
  bucket: "s3://backups",
  secret: { name: "minio", accessKeyKey: "user", secretKeyKey: "pass" },
  baseBackupSchedule: "0 1 * * *",
  keepForDays: 30,
};
const agent = {
  auth: { kubernetes: { role: "postgres" } },
  files: { "tls.crt": { path: "pki/issue/a" }, "tls.key": { path: "pki/issue/a" } },
};
const exporter = { image: "ghcr.io/example/exporter:1", resources: small };
const sentinel = sampleRedis().sentinel;

const root = { name: "minio", userKey: "user", passwordKey: "password" };

const wrong: [what: string, changes: Partial<Platform>, expected: RegExp][] = [
  [
    "a namespace that nobody declares",
    { valkey: { cache: sampleValkey({ namespace: "shopp" }) } },
    /^valkey\.cache\.namespace: .*did you mean shop\?$/m,
  ],
  [
    "a class of volumes that nobody declares",
    { mongodb: { db: sampleMongodb({ storage: { storageClass: "disc", size: "1Gi" } }) } },
    /^mongodb\.db\.storage\.storageClass: no storage class is called disc/m,
  ],
  [
    "a class of volumes that many may only read",
    {
      storageClasses: { disk: { ...sampleDisk["disk"]!, accessModes: ["ReadOnlyMany"] } },
      minio: { objects: sampleMinio() },
    },
    /^minio\.objects\.storage\.storageClass: storage class disk cannot give ReadWriteOnce/m,
  ],
  [
    "a limit below the request",
    {
      valkey: {
        cache: sampleValkey({
          resources: { ...small, limits: { cpu: "10m", memory: "128Mi" } },
        }),
      },
    },
    /^valkey\.cache\.resources\.limits\.cpu: 10m is below the request/m,
  ],
  [
    "a key that a Secret does not have",
    { valkey: { cache: sampleValkey({ secret: { name: "redis", passwordKey: "pass" } }) } },
    /^valkey\.cache\.secret\.passwordKey: no key of secret redis is called pass/m,
  ],
  [
    "a Secret that nobody declares",
    {
      postgres: {
        db: samplePostgresServer({
          secret: { name: "databases", userKey: "user", passwordKey: "password" },
        }),
      },
    },
    /^postgres\.db\.secret\.name: no secret in namespace shop is called databases.*did you mean database\?/m,
  ],
  [
    "a name that operators could not add to",
    { postgres: { [`a${"b".repeat(50)}`]: sampleCnpg() } },
    /^postgres\.ab+: 51 characters, expected at most 50/m,
  ],
  [
    "a certificate that the agent does not render",
    { postgres: { db: samplePostgresServer({ tls: { vaultAgent: agent } }) } },
    /^postgres\.db\.tls\.vaultAgent\.files: no file is called ca\.crt/m,
  ],
  [
    "a setting that the platform sets itself",
    { postgres: { db: samplePostgresServer({ parameters: { port: "5433" } }) } },
    /^postgres\.db\.parameters\.port: set by the platform itself/m,
  ],
  [
    "an archive whose Secret lacks a key",
    { postgres: { db: sampleCnpg({ walArchive: archive }) } },
    /^postgres\.db\.walArchive\.secret\.secretKeyKey: no key of secret minio is called pass/m,
  ],
  [
    "an owner who is no user",
    { postgres: { db: sampleZalando({ databases: { shop: "ownr" } }) } },
    /^postgres\.db\.databases\.shop: no user of the cluster is called ownr.*did you mean owner\?/m,
  ],
  [
    "a user that the operator makes itself",
    { postgres: { db: sampleZalando({ databases: {}, users: { standby: { flags: [] } } }) } },
    /^postgres\.db\.users\.standby: made by the operator/m,
  ],
  [
    "a user's Secret in a namespace that nobody declares",
    {
      postgres: {
        db: sampleZalando({ users: { owner: { flags: [], secretNamespace: "apps" } } }),
      },
    },
    /^postgres\.db\.users\.owner\.secretNamespace: no namespace is called apps/m,
  ],
  [
    "Spilo where its pods are refused",
    {
      namespaces: { shop: { podSecurity: "restricted" } },
      postgres: { db: sampleZalando() },
    },
    /^postgres\.db\.namespace: namespace shop enforces restricted, .* expected podSecurity: baseline/m,
  ],
  [
    "commits that wait for a standby that there is not",
    { postgres: { db: sampleZalando({ instances: 1, synchronous: true }) } },
    /^postgres\.db\.synchronous: there is no standby/m,
  ],
  [
    "more standbys to wait for than there are",
    { postgres: { db: sampleCnpg({ synchronousStandbys: 3 }) } },
    /^postgres\.db\.synchronousStandbys: 3 of 2 standbys/m,
  ],
  [
    "a cluster that cannot ask the API server",
    {
      namespaces: { shop: { podSecurity: "restricted", defaultDeny: true } },
      postgres: { db: sampleCnpg() },
    },
    /^postgres\.db: namespace shop denies .* expected a flow from db to a peer with the API server's/m,
  ],
  [
    "an even number of members",
    { mongodb: { db: sampleMongodb({ members: 4 }) } },
    /^mongodb\.db\.members: 4, expected an odd number: 3 members elect/m,
  ],
  [
    "an exporter whose user nobody declares",
    { mongodb: { db: sampleMongodb({ exporter: { ...exporter, user: "metrics" } }) } },
    /^mongodb\.db\.exporter\.user: no user of the replica set is called metrics/m,
  ],
  [
    "a user whose password is not in the Secret",
    {
      mongodb: {
        db: sampleMongodb({
          users: { app: { database: "app", roles: ["readWrite"], passwordKey: "app" } },
        }),
      },
    },
    /^mongodb\.db\.users\.app\.passwordKey: no key of secret mongo is called app/m,
  ],
  [
    "a single Redis, of which Sentinel could make nobody master",
    { redis: { cache: sampleRedis({ replicas: 1 }) } },
    /^redis\.cache\.replicas: 1, expected 2 or more/m,
  ],
  [
    "a quorum that can never be",
    { redis: { cache: sampleRedis({ sentinel: { ...sentinel, kind: "Deployment", quorum: 4 } }) } },
    /^redis\.cache\.sentinel\.quorum: 4, but there are 3 Sentinels/m,
  ],
  [
    "a number of pods for a DaemonSet",
    { redis: { cache: sampleRedis({ sentinel: { ...sentinel, replicas: 3 } }) } },
    /^redis\.cache\.sentinel\.replicas: a DaemonSet has a pod on each node/m,
  ],
  [
    "data that fills the memory limit",
    { redis: { cache: sampleRedis({ maxmemory: "128Mi" }) } },
    /^redis\.cache\.maxmemory: 128Mi leaves nothing of the limit, expected less than 128Mi/m,
  ],
  [
    "drives that no erasure set divides",
    { minio: { objects: sampleMinio({ servers: 17 }) } },
    /^minio\.objects\.servers: 17 drives of 17 servers cannot be divided evenly/m,
  ],
  [
    "parity above half of a set",
    { minio: { objects: sampleMinio({ servers: 6, parity: 4 }) } },
    /^minio\.objects\.parity: 4 of a set of 6 drives, expected at most 3/m,
  ],
  [
    "a user of a bucket that is not there",
    {
      minio: {
        objects: sampleMinio({ users: { api: { secret: root, buckets: { files: "read" } } } }),
      },
    },
    /^minio\.objects\.users\.api\.buckets\.files: no bucket is called files/m,
  ],
  [
    "a user whose key nobody declares",
    {
      minio: {
        objects: sampleMinio({
          users: { api: { secret: { ...root, userKey: "id" }, buckets: {} } },
        }),
      },
    },
    /^minio\.objects\.users\.api\.secret\.userKey: no key of secret minio is called id/m,
  ],
];

for (const [what, changes, expected] of wrong) {
  Deno.test(`checkPlatform() refuses ${what}`, () => {
    const found = mistakes(changes);
    assert.match(found.join("\n"), expected);
    assert.equal(found.length, 1, found.join("\n"));
  });
}

const longhorn: Longhorn = {
  namespace: "longhorn-system",
  recurringJobs: {
    hourly: {
      task: "snapshot",
      cron: "0 * * * *",
      retain: 72,
      concurrency: 2,
      groups: ["databases"],
    },
  },
};
const classOptions: LonghornClass = {
  replicas: 3,
  staleReplicaTimeoutMinutes: 2880,
  fsType: "ext4",
  dataLocality: "disabled",
};

function longhornMistakes(
  settings: Partial<Longhorn>,
  options: Partial<LonghornClass> = {},
  rest: Partial<Platform["storageClasses"][string]> = {},
): string[] {
  return mistakes({
    namespaces: {
      "shop": { podSecurity: "restricted" },
      "longhorn-system": { podSecurity: "privileged" },
    },
    longhorn: { ...longhorn, ...settings },
    storageClasses: {
      volumes: {
        ...sampleDisk["disk"]!,
        provisioner: "driver.longhorn.io",
        longhorn: { ...classOptions, ...options },
        ...rest,
      },
    },
  });
}

const job = longhorn.recurringJobs["hourly"]!;

const wrongLonghorn: [string, () => string[], RegExp][] = [
  [
    "a class whose group has no job",
    () => longhornMistakes({}, { recurringJobGroups: ["database"] }),
    /^storageClasses\.volumes\.longhorn\.recurringJobGroups\[0\]: .*did you mean databases\?$/,
  ],
  [
    "a key for encryption that nobody declares",
    () => longhornMistakes({}, { encrypted: { secret: "crypto" } }),
    /^storageClasses\.volumes\.longhorn\.encrypted\.secret: no secret in namespace longhorn-system/,
  ],
  [
    "copies of what may only be on its own node",
    () => longhornMistakes({}, { dataLocality: "strict-local" }),
    /^storageClasses\.volumes\.longhorn\.dataLocality: strict-local, but there are 3 copies/,
  ],
  [
    "Longhorn's settings for another driver",
    () => longhornMistakes({}, {}, { provisioner: "rancher.io/local-path" }),
    /^storageClasses\.volumes\.longhorn: the provisioner is rancher\.io\/local-path/,
  ],
  [
    "a parameter that is said twice",
    () => longhornMistakes({}, {}, { parameters: { numberOfReplicas: "2" } }),
    /^storageClasses\.volumes\.parameters\.numberOfReplicas: longhorn says this too/,
  ],
  [
    "backups without a target",
    () => longhornMistakes({ recurringJobs: { daily: { ...job, task: "backup" } } }),
    /^longhorn\.recurringJobs\.daily\.task: backup, but there is no backupTarget/,
  ],
  [
    "full backups of a job that makes snapshots",
    () => longhornMistakes({ recurringJobs: { hourly: { ...job, fullBackupEvery: 7 } } }),
    /^longhorn\.recurringJobs\.hourly\.fullBackupEvery: the task is snapshot/,
  ],
  [
    "a job that never runs",
    () => longhornMistakes({ recurringJobs: { hourly: { ...job, groups: [] } } }),
    /^longhorn\.recurringJobs\.hourly\.groups: none, expected a group/,
  ],
  [
    "a backup target whose Secret nobody declares",
    () =>
      longhornMistakes({
        backupTarget: { url: "s3://b@us-east-1/", secret: "target", pollInterval: "5m0s" },
      }),
    /^longhorn\.backupTarget\.secret: no secret in namespace longhorn-system/,
  ],
];

for (const [what, found, expected] of wrongLonghorn) {
  Deno.test(`checkPlatform() refuses ${what}`, () => {
    const [first, ...others] = found();
    assert.match(first ?? "no mistake", expected);
    assert.deepEqual(others, []);
  });
}
