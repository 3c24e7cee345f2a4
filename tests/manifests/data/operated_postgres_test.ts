import assert from "node:assert/strict";
import { cnpgCluster } from "../../../manifests/components/data/postgres_cnpg.ts";
import { zalandoCluster } from "../../../manifests/components/data/postgres_zalando.ts";
import { sampleCnpg, sampleZalando } from "../../platform/sample_data.ts";
import { find } from "../find.ts";
import { assertGolden } from "../golden.ts";

const { resources } = sampleCnpg();
const walArchive = {
  bucket: "s3://backups/postgres",
  endpoint: "http://minio:9000",
  secret: { name: "minio", accessKeyKey: "user", secretKeyKey: "password" },
  baseBackupSchedule: "0 1 * * *",
  keepForDays: 92,
};

Deno.test("zalandoCluster() renders a cluster with pooler, archive and exporter", async () => {
  await assertGolden(
    "zalando_cluster",
    zalandoCluster(
      "authentik-postgres",
      sampleZalando({
        databases: { authentik: "authentik" },
        users: { authentik: { flags: [], secretNamespace: "services" } },
        pooler: { instances: 2, mode: "transaction", resources },
        walArchive,
        exporter: { image: "quay.io/example/exporter:1", resources },
        synchronous: true,
      }),
    ),
  );
});

// deno-lint-ignore no-explicit-any
const envOf = (manifests: any[]) =>
  Object.fromEntries(
    manifests[0].spec.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

Deno.test("zalandoCluster() archives to AWS with its own addresses and encryption", () => {
  const { endpoint: _none, ...aws } = walArchive;
  const env = envOf(zalandoCluster("db", sampleZalando({ walArchive: aws })));
  assert.equal("AWS_ENDPOINT" in env, false);
  assert.equal("WALG_DISABLE_S3_SSE" in env, false);
  assert.equal(env["AWS_REGION"], "us-east-1");
});

Deno.test("zalandoCluster() archives clusters of one name in two namespaces apart", () => {
  const scope = (namespace: string) =>
    envOf(
      zalandoCluster("db", sampleZalando({ namespace, walArchive })),
    )["WAL_BUCKET_SCOPE_PREFIX"];
  assert.notEqual(scope("a"), scope("b"));
});

Deno.test("cnpgCluster() renders a cluster with pooler and archive", async () => {
  await assertGolden(
    "cnpg_cluster",
    cnpgCluster(
      "app-postgres",
      sampleCnpg({
        synchronousStandbys: 1,
        parameters: { max_connections: "200" },
        pooler: { instances: 2, mode: "session", resources },
        walArchive,
      }),
    ),
  );
});

Deno.test("cnpgCluster() lets a single server be anywhere, and takes connections without TLS if asked to", () => {
  const { spec } = find(
    cnpgCluster("db", sampleCnpg({ instances: 1, requireTls: false })),
    "Cluster",
    "shop/db",
  );
  assert.equal(spec.affinity.enablePodAntiAffinity, false);
  assert.equal("topologySpreadConstraints" in spec, false);
  assert.equal("pg_hba" in spec.postgresql, false);
});
