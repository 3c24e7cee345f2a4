import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { plainSecret } from "../../../lib/review/rules/plain_secret.ts";
import { complaints, object, workload } from "../sample_objects.ts";

function secret(data: Record<string, string>, labels?: Record<string, string>): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "app", namespace: "shop", labels },
    data,
  };
}

Deno.test("a Secret with values is in plain sight, a placeholder is none", () => {
  assert.deepEqual(complaints(plainSecret, [secret({ PASSWORD: "aHVudGVyMg==" })]), [
    "Secret shop/app: it is rendered with the values of PASSWORD",
  ]);
  assert.deepEqual(complaints(plainSecret, [secret({}), secret({ A: "" })]), []);
  assert.deepEqual(
    complaints(plainSecret, [secret({ A: "eA==" }, { "slipway.dev/placeholder": "true" })]),
    [],
  );
});

Deno.test("variables are judged by name and by value, and the value is never told", () => {
  const env = [
    { name: "DB_PASSWORD", value: "hunter2" },
    { name: "DATABASE_URL", value: "postgres://shop:hunter2@db/shop" },
    { name: "PASSWORD_FILE", value: "/run/secrets/password" },
    { name: "TOKEN", value: "$(TOKEN_FROM_SECRET)" },
    { name: "CACHE_URL", value: "redis://:$(REDIS_PASSWORD)@cache:6379" },
    { name: "LOG_LEVEL", value: "debug" },
    { name: "API_KEY", valueFrom: { secretKeyRef: { name: "app" } } },
  ];
  const told = complaints(plainSecret, [workload("web", { container: { env } })]);
  assert.deepEqual(told, [
    "Deployment shop/web: the variable DB_PASSWORD of container web holds a value that its name calls secret",
    "Deployment shop/web: the variable DATABASE_URL of container web holds a URL with a password",
  ]);
});

Deno.test("arguments are looked through too", () => {
  const told = (...args: string[]) =>
    complaints(plainSecret, [workload("web", { container: { args } })]);
  assert.equal(told("--password=hunter2").length, 1);
  assert.equal(told("--password", "hunter2").length, 1);
  assert.deepEqual(told("--password-file=/run/secrets/x", "--token=$(TOKEN)", "--port=80"), []);
});

Deno.test("files of ConfigMaps and values of charts are looked through line by line", () => {
  const config: Manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "app", namespace: "shop" },
    data: {
      "app.yaml": "user: shop\npassword: hunter2\nexistingSecret: app\n",
      "ok.ini": "password=${PASSWORD}\ntoken_file=/run/token\n",
      "key.pem": "-----BEGIN RSA PRIVATE KEY-----\nabc\n",
    },
  };
  assert.deepEqual(complaints(plainSecret, [config]), [
    "ConfigMap shop/app: its file app.yaml holds a value of password",
    "ConfigMap shop/app: its file key.pem holds a private key",
  ]);
  const chart = object("HelmChart", "x", { valuesContent: "auth:\n  adminPassword: hunter2\n" });
  assert.deepEqual(complaints(plainSecret, [chart]), [
    "HelmChart shop/x: its values hold a value of adminPassword",
  ]);
});
