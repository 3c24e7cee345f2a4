import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { inClusterConnection } from "../../../lib/kube/connection/in_cluster.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
const mounted: Record<string, string> = {
  [`${folder}/token`]: "pod-token\n",
  [`${folder}/namespace`]: "backup\n",
  [`${folder}/ca.crt`]: "-----BEGIN CERTIFICATE-----",
};

function connect(variables: Record<string, string>, files: Record<string, string>) {
  return inClusterConnection({
    env: (name) => variables[name],
    redactor: createRedactor(),
    readFile: (path) =>
      path in files
        ? Promise.resolve(files[path]!)
        : Promise.reject(new Deno.errors.NotFound(path)),
  });
}

Deno.test("a pod connects by its service account", async () => {
  const config = await connect(
    { KUBERNETES_SERVICE_HOST: "10.43.0.1", KUBERNETES_SERVICE_PORT: "443" },
    mounted,
  );
  assert.equal(config?.server, "https://10.43.0.1:443");
  assert.equal(config.namespace, "backup");
  assert.equal(config.caPem, "-----BEGIN CERTIFICATE-----");
  assert.equal((await config.credentials.current()).authorization, "Bearer pod-token");
});

Deno.test("an IPv6 service address is put in brackets", async () => {
  const config = await connect(
    { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" },
    mounted,
  );
  assert.equal(config?.server, "https://[fd00::1]:443");
});

Deno.test("outside of a cluster there is no such connection", async () => {
  assert.equal(await connect({}, mounted), undefined);
});

Deno.test("a pod without a mounted service account is told so", async () => {
  await assert.rejects(
    connect({ KUBERNETES_SERVICE_HOST: "10.43.0.1", KUBERNETES_SERVICE_PORT: "443" }, {}),
    (error) =>
      error instanceof UsageError && /service account in .*serviceaccount/.test(error.message) &&
      /automountServiceAccountToken/.test(error.remedy!),
  );
});
