import assert from "node:assert/strict";
import { checkBackups } from "../../../lib/platform/check/backup.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Backups, Platform, Velero } from "../../../lib/platform/types.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleJob,
  sampleSchedule,
  sampleStore,
} from "../sample_backups.ts";

function mistakesOf(changes: Partial<Backups>, platform: Partial<Platform> = {}): string[] {
  return checkBackups(backedUpPlatform(sampleBackups(changes), platform))
    .map(({ path, message }) => `${pathText(path)}: ${message}`);
}

const velero: Velero = {
  namespace: "velero",
  locations: ["minio"],
  snapshotClass: { driver: "driver.longhorn.io" },
  snapshotLocations: {},
  schedules: { shop: sampleSchedule() },
};

Deno.test("backups whose parts fit have no mistakes", () => {
  const jobs = { dump: sampleJob({ covers: ["volumes/files"], keep: { days: 30 } }) };
  const uncovered = { "minio/minio": "it only holds backups" };
  assert.deepEqual(mistakesOf({ jobs, velero, uncovered }), []);
});

Deno.test("a store on this cluster must be there with its bucket, and is at no other site", () => {
  assert.deepEqual(
    mistakesOf({
      stores: {
        a: sampleStore({ onThisCluster: "mino" }),
        b: sampleStore({ bucket: "backup" }),
        c: sampleStore({ offsite: true }),
      },
    }),
    [
      "backups.stores.a.onThisCluster: no thing in minio is called mino, expected one of minio; did you mean minio?",
      "backups.stores.b.bucket: no bucket there is called backup, expected one of backups; did you mean backups?",
      "backups.stores.c.offsite: onThisCluster is minio, expected one of both: a store of this cluster is gone with its site",
    ],
  );
});

Deno.test("jobs need an image and resources, and Velero alone needs neither", () => {
  const without = { image: undefined, resources: undefined };
  assert.deepEqual(mistakesOf({ ...without, velero }), []);
  assert.deepEqual(mistakesOf({ ...without, jobs: { dump: sampleJob() } }), [
    "backups.jobs: dump given, and no image and no resources, expected backups.image and backups.resources, by which jobs run",
  ]);
});

Deno.test("jobs refer to stores, secrets and things that are declared", () => {
  assert.deepEqual(
    mistakesOf({
      jobs: {
        a: sampleJob({ store: "mino" }),
        b: sampleJob({ envFromSecrets: ["stor"] }),
        c: sampleJob({ covers: ["volume/files", "volumes/file"] }),
        d: sampleJob({ store: undefined, keep: { days: 7 } }),
      },
    }).map((line) => line.replace(/expected one of access.*(?=;)/, "expected one of …")),
    [
      "backups.jobs.a.store: no backup store is called mino, expected one of minio; did you mean minio?",
      "backups.jobs.b.envFromSecrets[0]: no secret in namespace shop is called stor, expected one of minio, store; did you mean store?",
      "backups.jobs.c.covers[0]: no section of the platform is called volume, expected one of …; did you mean volumes?",
      "backups.jobs.c.covers[1]: no thing in volumes is called file, expected one of files; did you mean files?",
      "backups.jobs.d.keep: no store beside it, expected one: nobody knows where old backups are",
    ],
  );
});

Deno.test("a job says nothing that its task or its place does not read", () => {
  const host = { runsOn: "host", namespace: undefined } as const;
  assert.deepEqual(
    mistakesOf({
      jobs: {
        a: sampleJob({ namespace: undefined }),
        b: sampleJob({ jitter: "5m" }),
        c: sampleJob({ ...host, namespace: "shop", envFromSecrets: ["store"] }),
        d: sampleJob({ ...host, jitter: "5m" }),
        e: sampleJob({ query: "SELECT 1", databases: ["shop"] }),
        f: sampleJob({ task: "copy-backups", from: "minio", store: undefined }),
        g: sampleJob({ connection: "mongodb://db.example.org", via: "exec" }),
        h: sampleJob({ requireVerified: true }),
        i: sampleJob({ schedule: "0 0 * * 7" }),
      },
    }),
    [
      "backups.jobs.a: no namespace given, expected one, or runsOn: host",
      "backups.jobs.b.jitter: given to a CronJob, which has none, expected a minute of its own in schedule, or runsOn: host",
      "backups.jobs.c.namespace: given to a job that runs on a host, expected none: only CronJobs have it",
      "backups.jobs.c.envFromSecrets: given to a job that runs on a host, expected none: only CronJobs have it",
      "backups.jobs.e.query: given to backup-mongodb, which does not read it, expected verify-backups",
      "backups.jobs.f.task: copy-backups given without from and store, expected both stores",
      "backups.jobs.g.connection: given beside via: exec, which needs none, expected one of both",
      "backups.jobs.h.requireVerified: no keep beside it, expected one: nothing is removed",
      'backups.jobs.i.schedule: Cannot read the cron line "0 0 * * 7": its day of the week has "7", wanted 0 to 6; Sunday is 0',
    ],
  );
});

Deno.test("jobs of hosts need neither an image nor resources", () => {
  const jobs = { dump: sampleJob({ runsOn: "host", namespace: undefined }) };
  assert.deepEqual(mistakesOf({ image: undefined, resources: undefined, jobs }), []);
});

Deno.test("who is told is in Secrets of the job's namespace, and who reads is said once", () => {
  const ping = (secret: string, key: string) => ({ ping: { secret, key } });
  const jobs = {
    dump: sampleJob(),
    own: sampleJob({ notify: ping("store", "AWS_ACCESS_KEY_ID") }),
  };
  assert.deepEqual(mistakesOf({ jobs, notify: ping("store", "ping") }), [
    "backups.notify.ping: secret store has no key ping, expected ping",
  ]);
  assert.deepEqual(mistakesOf({ jobs, notify: ping("stor", "ping") }), [
    "backups.notify.ping: no secret in namespace shop is called stor, expected one of minio, store; did you mean store?",
  ]);
  assert.deepEqual(mistakesOf({ jobs, holders: undefined }), [
    "backups.jobs: dump, own given, and nobody who may read what they back up, expected backups.holders, or the reason for backups.unencrypted",
  ]);
  assert.deepEqual(mistakesOf({ jobs, holders: undefined, unencrypted: "why not" }), []);
  assert.deepEqual(mistakesOf({ holders: { ana: "age1x" }, unencrypted: "why not" }), [
    "backups.unencrypted: holders are given too, expected one of both: what is encrypted for them is not stored in the clear",
  ]);
});

Deno.test("a store's credentials must be declared where it is used, with the keys that are read", () => {
  const jobs = { dump: sampleJob() };
  const store = (secrets: Record<string, string>) => ({ minio: sampleStore({ secrets }) });
  assert.deepEqual(mistakesOf({ jobs, stores: store({}) }), [
    "backups.jobs.dump.store: store minio has no secret for namespace shop, expected backups.stores.minio.secrets.shop",
  ]);
  assert.deepEqual(mistakesOf({ jobs, stores: store({ shop: "stare" }) }), [
    "backups.stores.minio.secrets.shop: no secret in namespace shop is called stare, expected one of minio, store; did you mean store?",
  ]);
  assert.deepEqual(mistakesOf({ jobs, stores: store({ shop: "minio" }) }), [
    "backups.stores.minio.secrets.shop: secret minio has no key AWS_ACCESS_KEY_ID, expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "backups.stores.minio.secrets.shop: secret minio has no key AWS_SECRET_ACCESS_KEY, expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ]);
  assert.deepEqual(mistakesOf({ velero, stores: store({ shop: "store" }) }), [
    "backups.velero.locations[0]: store minio has no secret for namespace velero, expected backups.stores.minio.secrets.velero",
  ]);
});

Deno.test("a job's certificate is declared where the job runs, with its key and its authority", () => {
  assert.deepEqual(mistakesOf({ jobs: { dump: sampleJob({ clientCertificate: "stare" }) } }), [
    "backups.jobs.dump.clientCertificate: no secret in namespace shop is called stare, expected one of minio, store; did you mean store?",
  ]);
  assert.deepEqual(
    mistakesOf({ jobs: { dump: sampleJob({ clientCertificate: "minio" }) } })[2],
    "backups.jobs.dump.clientCertificate: secret minio has no key ca.crt, expected tls.crt, tls.key and ca.crt",
  );
  const serverAuthority = { secret: "store", key: "ca" };
  assert.deepEqual(
    mistakesOf({ jobs: { dump: sampleJob({ task: "backup-postgres", serverAuthority }) } }),
    ["backups.jobs.dump.serverAuthority: secret store has no key ca, expected ca"],
  );
});

Deno.test("nothing is both covered and said to need no backup", () => {
  assert.deepEqual(
    mistakesOf({
      jobs: { dump: sampleJob({ covers: ["volumes/files"] }) },
      uncovered: { "volumes/files": "scratch", "volumes/gone": "scratch" },
    }),
    [
      'backups.uncovered["volumes/files"]: job dump covers it, expected one of both',
      'backups.uncovered["volumes/gone"]: no thing in volumes is called gone, expected one of files',
    ],
  );
});

Deno.test("Velero needs stores that it can read, each once", () => {
  const archive = { storageClass: "GLACIER" as const, afterDays: 0 };
  assert.deepEqual(
    mistakesOf({
      stores: { minio: sampleStore(), cold: sampleStore({ archive }) },
      velero: { ...velero, namespace: "veleor", locations: ["mino", "cold", "cold"] },
    }).filter((line) => !line.includes("no secret for namespace")),
    [
      "backups.velero.namespace: no namespace is called veleor, expected one of shop, velero; did you mean velero?",
      "backups.velero.locations[0]: no backup store is called mino, expected one of cold, minio; did you mean minio?",
      "backups.velero.locations[1]: store cold is moved to GLACIER, where Velero cannot read, expected GLACIER_IR or a store that is read at once",
      "backups.velero.locations[2]: cold stands here twice, expected once",
      "backups.velero.locations[2]: store cold is moved to GLACIER, where Velero cannot read, expected GLACIER_IR or a store that is read at once",
    ],
  );
});

Deno.test("schedules of Velero name locations and namespaces that are there, and have tiers", () => {
  assert.deepEqual(
    mistakesOf({
      velero: {
        ...velero,
        schedules: {
          a: sampleSchedule({ locations: ["offsite"], namespaces: ["shpo"] }),
          b: sampleSchedule({ namespaces: ["*", "shop"], exceptNamespaces: ["lab"] }),
          c: sampleSchedule({ tiers: {} }),
          ["d".repeat(40)]: sampleSchedule(),
          e: sampleSchedule({
            tiers: { daily: { cron: "0 0 * * *", keep: 7, locations: ["mino"] } },
          }),
        },
      },
    }),
    [
      "backups.velero.schedules.a.locations[0]: no location of Velero is called offsite, expected one of minio",
      "backups.velero.schedules.a.namespaces[0]: no namespace is called shpo, expected one of shop, velero",
      "backups.velero.schedules.b.exceptNamespaces[0]: no namespace is called lab, expected one of shop, velero",
      "backups.velero.schedules.b.namespaces: names beside *, expected * alone",
      "backups.velero.schedules.c.tiers: no tier, expected at least one of hourly, daily, weekly and monthly",
      `backups.velero.schedules.${"d".repeat(40)}: its Schedule ${"d".repeat(40)}-daily-minio ` +
      "has 52 characters, expected at most 48, so that its backups can be labelled",
      "backups.velero.schedules.e.tiers.daily.locations[0]: no location of Velero is called mino, expected one of minio; did you mean minio?",
    ],
  );
});

Deno.test("volumes can be snapshotted only when something can do it", () => {
  const of = (volumes: "move" | "snapshot" | "files" | "none", more: Partial<Velero> = {}) =>
    mistakesOf({
      velero: {
        ...velero,
        snapshotClass: undefined,
        schedules: { shop: sampleSchedule({ volumes }) },
        ...more,
      },
    });
  const location = { snapshotLocations: { aws: { provider: "velero.io/aws" } } };
  assert.deepEqual(of("move"), [
    "backups.velero.schedules.shop: volumes are to be moved, and nothing can snapshot them, expected snapshotClass, or volumes: files or none",
  ]);
  assert.equal(of("snapshot").length, 1);
  assert.equal(of("move", location).length, 1, "plugins' snapshots cannot be moved");
  assert.deepEqual(of("snapshot", location), []);
  assert.deepEqual([...of("files"), ...of("none")], []);
});
