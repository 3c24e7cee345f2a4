import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import {
  kubeconfigFiles,
  readKubeconfigFiles,
} from "../../../lib/kube/connection/kubeconfig_files.ts";

const search = (variables: Record<string, string>, kubeconfig?: string) =>
  kubeconfigFiles({ kubeconfig, env: (name) => variables[name], cwd: "/project" });

const disk = (files: Record<string, string>) => (path: string) =>
  path in files ? Promise.resolve(files[path]!) : Promise.reject(new Deno.errors.NotFound(path));

Deno.test("an option wins over KUBECONFIG, and KUBECONFIG over the home folder", () => {
  const both = { KUBECONFIG: "a::/abs/b:a", HOME: "/home/me" };
  assert.deepEqual(search(both, "kc.yaml"), { paths: ["/project/kc.yaml"], from: "option" });
  assert.deepEqual(search(both), { paths: ["/project/a", "/abs/b"], from: "KUBECONFIG" });
  assert.deepEqual(search({ HOME: "/home/me", KUBECONFIG: "" }), {
    paths: ["/home/me/.kube/config"],
    from: "home",
  });
  assert.deepEqual(search({}), { paths: [], from: "home" });
});

Deno.test("files that KUBECONFIG names may be missing, and relative paths start at their own file", async () => {
  const files = { paths: ["/gone", "/x/kc", "/y/kc"], from: "KUBECONFIG" as const };
  const config = await readKubeconfigFiles(
    files,
    disk({ "/x/kc": "clusters: [{ name: x }]", "/y/kc": "clusters: [{ name: y }]" }),
  );
  assert.equal(config?.clusters.get("x")?.baseDir, "/x");
  assert.equal(config?.clusters.get("y")?.baseDir, "/y");
  assert.equal(await readKubeconfigFiles(files, disk({})), undefined);
});

Deno.test("a file that an option names must exist", async () => {
  await assert.rejects(
    readKubeconfigFiles({ paths: ["/gone"], from: "option" }, disk({})),
    (error) =>
      error instanceof UsageError &&
      error.message === "Cannot read the kubeconfig /gone: there is no such file" &&
      /k3s/.test(error.remedy!),
  );
});

Deno.test("a file that may not be read is an error, whoever names it", async () => {
  const forbidden = () => Promise.reject(new Deno.errors.PermissionDenied("permission denied"));
  await assert.rejects(
    readKubeconfigFiles({ paths: ["/secret/kc"], from: "home" }, forbidden),
    /Cannot read the kubeconfig \/secret\/kc: permission denied/,
  );
});
