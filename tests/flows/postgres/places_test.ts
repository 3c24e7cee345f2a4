import { deepEqual, equal, throws } from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { type ChosenJob, jobOf } from "../../../lib/flows/backup/job.ts";
import { postgresPlaces, type ServerRequest } from "../../../lib/flows/postgres/places.ts";
import { hostName } from "../../../lib/flows/holder.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { sampleBackups, sampleJob } from "../../platform/sample_backups.ts";
import { samplePostgresServer } from "../../platform/sample_data.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const env = () => undefined;
const noJob: ChosenJob = { requireVerified: false, covers: [], notify: {} };
const outside = { namespace: "shop", addresses: ["10.0.0.1"], ports: { postgres: 5432 } };

function platformWith(changes: Partial<Platform> = {}): Platform {
  return samplePlatform({ postgres: { main: samplePostgresServer() }, ...changes });
}

function namesOf(
  request: ServerRequest,
  source: { platform?: Platform; job?: ChosenJob } = {},
): string[] {
  return postgresPlaces(request, { job: noJob, ...source }, { env })
    .map(({ scope, name, subject }) => [scope, name, subject].join(" "));
}

Deno.test("a server without a platform is known by its host and port", () => {
  const connection = "postgresql://backup@db.example.org/shop";
  deepEqual(namesOf({ connection }), [
    "standalone db.example.org:5432 db.example.org:5432",
  ]);
  deepEqual(namesOf({ connection, storedAs: "main" }), ["standalone main main"]);
});

Deno.test("servers of two machines that both say localhost are kept apart in a store", () => {
  for (const host of ["localhost", "127.0.0.1", "[::1]", "%2Fvar%2Frun%2Fpostgresql"]) {
    const [found] = namesOf({ connection: `postgresql://postgres@${host}:5433` });
    equal(found, `standalone ${hostName(env)}:5433 ${hostName(env)}:5433`);
  }
});

Deno.test("a platform's only Postgres is meant when nothing else is said, and a job's when it covers one", () => {
  deepEqual(namesOf({}, { platform: platformWith() }), ["demo-test main postgres/main"]);
  const platform = platformWith({
    externalServices: { postgres: outside },
    postgres: { main: samplePostgresServer(), other: samplePostgresServer() },
    backups: sampleBackups({
      jobs: {
        dump: sampleJob({
          task: "backup-postgres",
          covers: ["postgres/other", "externalServices/postgres"],
        }),
      },
    }),
  });
  const job = jobOf(platform, "backup-postgres");
  deepEqual(namesOf({}, { platform, job }), [
    "demo-test other postgres/other",
    "demo-test postgres externalServices/postgres",
  ]);
  deepEqual(namesOf({ server: "main" }, { platform, job }), ["demo-test main postgres/main"]);
});

Deno.test("a platform's server that is reached by a connection keeps its name", () => {
  const request = { connection: "postgresql://a@127.0.0.1:15432", server: "main" };
  deepEqual(namesOf(request, { platform: platformWith() }), ["demo-test main postgres/main"]);
});

Deno.test("what nothing says, or cannot be at once, is wrong usage with a remedy", () => {
  const platform = platformWith({ externalServices: { postgres: outside } });
  const two = platformWith({
    postgres: { a: samplePostgresServer(), b: samplePostgresServer() },
  });
  const connection = "postgresql://a@db.example.org";
  const cases: [ServerRequest, { platform?: Platform; job?: ChosenJob }, RegExp][] = [
    [{}, {}, /Cannot tell which Postgres is meant/],
    [{}, { platform: two }, /Cannot tell which Postgres is meant/],
    [{ server: "mian" }, { platform }, /has no Postgres mian/],
    [{ via: "exec" }, {}, /Cannot tell in which pod/],
    [
      { via: "exec", server: "postgres" },
      { platform },
      /externalServices\/postgres: the platform has none/,
    ],
    [{ via: "exec", server: "main", connection }, { platform }, /together with --via exec/],
  ];
  for (const [request, source, message] of cases) {
    throws(() => namesOf(request, source), (error: UsageError) => {
      equal(error instanceof UsageError && message.test(error.message), true, error.message);
      equal(typeof error.remedy, "string");
      return true;
    });
  }
});
