import type { Program } from "./program.ts";

const kubernetesVersion = "v1.36.3";
const etcdVersion = "v3.6.8";
const kwokVersion = "v0.8.0";
const github = "https://github.com";

/** The version of Kubernetes that the embedded cluster runs. */
export const pinnedKubernetes: string = kubernetesVersion;

/** Source: "Download Kubernetes": dl.k8s.io has servers for Linux, kubectl for all, each with `.sha256` beside it. */
export function kubernetesProgram(name: string, versionArguments: readonly string[]): Program {
  const [major, minor] = kubernetesVersion.slice(1).split(".");
  const version = "k8s.io/component-base/version";
  return {
    name,
    version: kubernetesVersion,
    versionArguments,
    versionText: kubernetesVersion,
    release({ os, arch }) {
      if (os !== "linux" && name !== "kubectl") return undefined;
      const url = `https://dl.k8s.io/release/${kubernetesVersion}/bin/${os}/${arch}/${name}`;
      return { url, checksumUrl: `${url}.sha256`, checksumForm: "bare" };
    },
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    linkerVariables: [
      `${version}.gitVersion=${kubernetesVersion}`,
      `${version}.gitMajor=${major}`,
      `${version}.gitMinor=${minor}`,
    ],
  };
}

/** Source: the release notes of etcd; its archives for macOS are zip files, which are not read here. */
const etcd: Program = {
  name: "etcd",
  version: etcdVersion,
  versionArguments: ["--version"],
  versionText: `etcd Version: ${etcdVersion.slice(1)}`,
  release({ os, arch }) {
    if (os !== "linux") return undefined;
    const folder = `${github}/etcd-io/etcd/releases/download/${etcdVersion}`;
    const name = `etcd-${etcdVersion}-${os}-${arch}`;
    return {
      url: `${folder}/${name}.tar.gz`,
      member: `${name}/etcd`,
      checksumUrl: `${folder}/SHA256SUMS`,
      checksumForm: "list",
    };
  },
  module: "kubernetes",
  package: "go.etcd.io/etcd/server/v3",
  linkerVariables: [],
};

/** kwok publishes no checksums; GitHub computes one for each file that is uploaded. Source: GitHub REST API, release assets' `digest`. */
const kwok: Program = {
  name: "kwok",
  version: kwokVersion,
  versionArguments: ["--version"],
  versionText: `kwok version ${kwokVersion}`,
  release({ os, arch }) {
    const repository = "kubernetes-sigs/kwok";
    return {
      url: `${github}/${repository}/releases/download/${kwokVersion}/kwok-${os}-${arch}`,
      checksumUrl: `https://api.github.com/repos/${repository}/releases/tags/${kwokVersion}`,
      checksumForm: "github",
    };
  },
  module: "kwok",
  package: "sigs.k8s.io/kwok/cmd/kwok",
  linkerVariables: [],
};

/** The programs of the embedded cluster. The largest comes first, since its build brings most of what the others need. */
export const controlPlanePrograms: readonly Program[] = [
  kubernetesProgram("kube-apiserver", ["--version"]),
  kubernetesProgram("kube-controller-manager", ["--version"]),
  kubernetesProgram("kube-scheduler", ["--version"]),
  etcd,
  kwok,
];
