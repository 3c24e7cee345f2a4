import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { findConnection } from "../../../lib/kube/connection/find_connection.ts";

const kubeconfig = (name: string) => `
current-context: ${name}
clusters: [{ name: c, cluster: { server: "https://${name}" } }]
contexts: [{ name: ${name}, context: { cluster: c } }]
`;
const pod = { KUBERNETES_SERVICE_HOST: "10.43.0.1", KUBERNETES_SERVICE_PORT: "443" };
const account = "/var/run/secrets/kubernetes.io/serviceaccount";
const mounted = {
  [`${account}/token`]: "pod-token",
  [`${account}/namespace`]: "a",
  [`${account}/ca.crt`]: "ca",
};

function find(
  variables: Record<string, string>,
  files: Record<string, string>,
  options: { kubeconfig?: string; context?: string } = {},
) {
  return findConnection({
    ...options,
    env: (name) => variables[name],
    cwd: "/project",
    redactor: createRedactor(),
    readFile: (path) =>
      path in files
        ? Promise.resolve(files[path]!)
        : Promise.reject(new Deno.errors.NotFound(path)),
  });
}

Deno.test("several files of KUBECONFIG are one configuration", async () => {
  const files = { "/a": kubeconfig("first"), "/b": kubeconfig("second") };
  const variables = { KUBECONFIG: "/a:/b" };
  assert.equal((await find(variables, files)).contextName, "first");
  assert.equal((await find(variables, files, { context: "second" })).contextName, "second");
});

Deno.test("a kubeconfig at home wins over the pod's service account", async () => {
  const files = { ...mounted, "/home/me/.kube/config": kubeconfig("home") };
  assert.equal((await find({ ...pod, HOME: "/home/me" }, files)).server, "https://home");
});

Deno.test("without a kubeconfig the pod's service account is used, unless a context is asked for", async () => {
  assert.equal((await find({ ...pod, HOME: "/home/me" }, mounted)).contextName, "in-cluster");
  await assert.rejects(find(pod, mounted, { context: "x" }), UsageError);
});

Deno.test("no kubeconfig at all is refused with where one was looked for", async () => {
  await assert.rejects(
    find({ HOME: "/home/me" }, {}),
    (error) =>
      error instanceof UsageError &&
      /\/home\/me\/\.kube\/config does not exist/.test(error.message) &&
      /--kubeconfig/.test(error.remedy!),
  );
  await assert.rejects(find({ KUBECONFIG: "/a:/b" }, {}), /\/a, \/b do not exist/);
  await assert.rejects(find({}, {}), /neither KUBECONFIG nor HOME is set/);
});
