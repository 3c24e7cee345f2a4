import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { findChecksum } from "../../../lib/local/programs/checksum.ts";
import { mirrored } from "../../../lib/local/programs/download.ts";
import { isVersion, type Program } from "../../../lib/local/programs/program.ts";
import { allPrograms, programNamed } from "../../../lib/local/programs/programs.ts";
import { modulesDir } from "../scratch.ts";

const named = (name: string): Program => programNamed(name);
const sum = "a".repeat(64);
const other = "b".repeat(64);

Deno.test("every program is pinned by the go.mod that builds it", async () => {
  for (const program of allPrograms) {
    const text = await Deno.readTextFile(`${modulesDir}/${program.module}/go.mod`);
    const module = [...text.matchAll(/^(?:require)?\s+(\S+) (v\S+)/gm)]
      .find(([, name]) => program.package === name || program.package.startsWith(`${name}/`));
    assert.equal(module?.[2], program.version, program.name);
    assert.ok(text.includes(program.package), `${program.package} is a tool of its go.mod`);
  }
});

Deno.test("only the pinned version counts, not one that begins like it", () => {
  assert.ok(isVersion(named("kube-apiserver"), "Kubernetes v1.36.3\n"));
  assert.ok(!isVersion(named("kube-apiserver"), "Kubernetes v1.36.30\n"));
  assert.ok(!isVersion(named("kube-apiserver"), "Kubernetes v1.36.3+k3s1\n"));
  assert.ok(isVersion(named("etcd"), "etcd Version: 3.6.8\nGit SHA: 1\n"));
  assert.ok(!isVersion(named("etcd"), "etcd Version: 3.5.8\n"));
  assert.ok(isVersion(named("kwok"), "kwok version v0.8.0 go1.26.8 (linux/amd64)\n"));
  assert.ok(isVersion(named("kubectl"), "Client Version: v1.36.3\nKustomize Version: v5.8.1\n"));
});

Deno.test("a version is told by Vault, by a tag of MinIO, and by an image in cert-manager's help", () => {
  assert.ok(isVersion(named("vault"), "Vault v1.21.1 (2453aac), built 2025-11-18T13:04:32Z\n"));
  assert.ok(isVersion(named("vault"), "Vault v1.21.1, built 2025-11-18T13:04:32Z\n"));
  assert.ok(!isVersion(named("vault"), "Vault v1.21.1+ent (2453aac), built 2025-11-18\n"));
  assert.ok(
    isVersion(named("minio"), "minio version DEVELOPMENT.2026-02-12T20-18-48Z (commit-id=x)\n"),
  );
  const image = (tag: string) => `(default "quay.io/jetstack/cert-manager-acmesolver:${tag}")\n`;
  assert.ok(isVersion(named("cert-manager-controller"), image("v1.11.5")));
  assert.ok(!isVersion(named("cert-manager-controller"), image("v1.11.50")));
});

Deno.test("a program that cannot tell its version is never taken for it", () => {
  assert.ok(!isVersion(named("external-secrets"), "v0.19.2"));
});

Deno.test("a name that is not pinned is refused with those that are", () => {
  assert.throws(
    () => programNamed("openbao"),
    (error) => error instanceof SlipwayError && /vault, /.test(error.remedy ?? ""),
  );
});

Deno.test("Vault is released as a zip archive, the sealed-secrets controller not at all", () => {
  const linux = { os: "linux", arch: "arm64" };
  assert.equal(
    named("vault").release(linux)?.url,
    "https://releases.hashicorp.com/vault/1.21.1/vault_1.21.1_linux_arm64.zip",
  );
  assert.equal(named("sealed-secrets-controller").release(linux), undefined);
});

Deno.test("servers of Kubernetes are released for Linux only, kubectl also for macOS", () => {
  const mac = { os: "darwin", arch: "arm64" };
  assert.equal(named("kube-apiserver").release(mac), undefined);
  assert.equal(
    named("kubectl").release(mac)?.url,
    "https://dl.k8s.io/release/v1.36.3/bin/darwin/arm64/kubectl",
  );
  assert.equal(
    named("kube-scheduler").release({ os: "linux", arch: "arm64" })?.checksumUrl,
    "https://dl.k8s.io/release/v1.36.3/bin/linux/arm64/kube-scheduler.sha256",
  );
});

Deno.test("a bare checksum is read with and without what follows it", () => {
  const release = named("kubectl").release({ os: "linux", arch: "amd64" })!;
  assert.equal(findChecksum(`${sum}\n`, release), sum);
  assert.equal(findChecksum(`${sum.toUpperCase()}  kubectl`, release), sum);
  assert.equal(findChecksum("<html>not found</html>", release), undefined);
  assert.equal(findChecksum("", release), undefined);
});

Deno.test("in a list of checksums only the line of the very file counts", () => {
  const release = named("etcd").release({ os: "linux", arch: "amd64" })!;
  const list =
    `${other}  etcd-v3.6.8-linux-amd64.tar.gz.asc\n${sum}  etcd-v3.6.8-linux-amd64.tar.gz\n`;
  assert.equal(findChecksum(list, release), sum);
  assert.equal(findChecksum(list.split("\n")[0]!, release), undefined);
});

Deno.test("GitHub's digest of an asset is a checksum; an answer without one is none", () => {
  const release = named("kwok").release({ os: "linux", arch: "amd64" })!;
  const answer = (digest: unknown) =>
    JSON.stringify({
      assets: [{ name: "kwok-linux-amd64", digest }, { name: "x", digest: other }],
    });
  assert.equal(findChecksum(answer(`sha256:${sum}`), release), sum);
  assert.equal(findChecksum(answer(null), release), undefined);
  assert.equal(findChecksum(answer(`sha512:${sum}`), release), undefined);
  assert.equal(findChecksum('{"message":"API rate limit exceeded"}', release), undefined);
});

Deno.test("a mirror has upstream's paths under the names of their hosts", () => {
  const release = named("kwok").release({ os: "linux", arch: "amd64" })!;
  assert.deepEqual(mirrored(release, undefined), release);
  const { url, checksumUrl } = mirrored(release, "http://mirror.lan/files/");
  assert.equal(
    url,
    "http://mirror.lan/files/github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64",
  );
  assert.equal(
    checksumUrl,
    "http://mirror.lan/files/api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0",
  );
});
