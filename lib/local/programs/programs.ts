/** A system that programs are made for, in Go's words. */
export interface Platform {
  /** `linux` or `darwin`. */
  os: string;
  /** `amd64` or `arm64`. */
  arch: string;
}

/** A file that upstream offers, and where the checksum stands that it must have. */
export interface Release {
  /** URL of the program, or of a `.tar.gz` archive that holds it. */
  url: string;
  /** Path of the program inside the archive; absent where the file is the program. */
  member?: string;
  /** URL of the SHA-256 checksum. */
  checksumUrl: string;
  /** How the checksum is written there; see {@linkcode findChecksum}. */
  checksumForm: "bare" | "list" | "github";
}

/** A program that slipway runs, and where it comes from. */
export interface Program {
  /** Its name, which is also its file's. */
  name: string;
  /** The one version that is used, with its leading v. */
  version: string;
  /** Arguments with which it tells its version. */
  versionArguments: readonly string[];
  /** What it then prints, among other things. */
  versionText: string;
  /** What upstream offers for a platform, or undefined where it offers nothing that can be verified. */
  release: (platform: Platform) => Release | undefined;
  /** Folder of the go.mod below `modules`. */
  module: string;
  /** Go package of the command. */
  package: string;
  /** Variables that the linker sets, as `package.name=value`. */
  linkerVariables: readonly string[];
}

const kubernetesVersion = "v1.36.3";
const etcdVersion = "v3.6.8";
const kwokVersion = "v0.8.0";
const helmVersion = "v4.3.1";
const kustomizeVersion = "v5.8.1";
const traefikVersion = "v3.6.0";

/** Source: "Download Kubernetes": dl.k8s.io has servers for Linux, kubectl for all, each with `.sha256` beside it. */
function kubernetesProgram(name: string, versionArguments: readonly string[]): Program {
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

const github = "https://github.com";

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

/** Source: "Installing Helm"; get.helm.sh has `.sha256sum` beside each archive. */
const helm: Program = {
  name: "helm",
  version: helmVersion,
  versionArguments: ["version", "--template", "{{.Version}}"],
  versionText: helmVersion,
  release({ os, arch }) {
    const url = `https://get.helm.sh/helm-${helmVersion}-${os}-${arch}.tar.gz`;
    return {
      url,
      member: `${os}-${arch}/helm`,
      checksumUrl: `${url}.sha256sum`,
      checksumForm: "list",
    };
  },
  module: "helm",
  package: "helm.sh/helm/v4/cmd/helm",
  linkerVariables: [`helm.sh/helm/v4/internal/version.version=${helmVersion}`],
};

/** Source: kustomize's releases, which have `checksums.txt` beside the archives. */
const kustomize: Program = {
  name: "kustomize",
  version: kustomizeVersion,
  versionArguments: ["version"],
  versionText: kustomizeVersion,
  release({ os, arch }) {
    const tag = `kustomize%2F${kustomizeVersion}`;
    const folder = `${github}/kubernetes-sigs/kustomize/releases/download/${tag}`;
    return {
      url: `${folder}/kustomize_${kustomizeVersion}_${os}_${arch}.tar.gz`,
      member: "kustomize",
      checksumUrl: `${folder}/checksums.txt`,
      checksumForm: "list",
    };
  },
  module: "kustomize",
  package: "sigs.k8s.io/kustomize/kustomize/v5",
  linkerVariables: [`sigs.k8s.io/kustomize/api/provenance.version=${kustomizeVersion}`],
};

/** Source: Traefik's releases, which have a list of checksums beside the archives. */
const traefik: Program = {
  name: "traefik",
  version: traefikVersion,
  versionArguments: ["version"],
  versionText: `Version:      ${traefikVersion.slice(1)}`,
  release({ os, arch }) {
    const folder = `${github}/traefik/traefik/releases/download/${traefikVersion}`;
    return {
      url: `${folder}/traefik_${traefikVersion}_${os}_${arch}.tar.gz`,
      member: "traefik",
      checksumUrl: `${folder}/traefik_${traefikVersion}_checksums.txt`,
      checksumForm: "list",
    };
  },
  module: "traefik",
  package: "github.com/traefik/traefik/v3/cmd/traefik",
  linkerVariables: [
    `github.com/traefik/traefik/v3/pkg/version.Version=${traefikVersion.slice(1)}`,
  ],
};

/** The programs of the embedded cluster. The largest comes first, since its build brings most of what the others need. */
export const controlPlanePrograms: readonly Program[] = [
  kubernetesProgram("kube-apiserver", ["--version"]),
  kubernetesProgram("kube-controller-manager", ["--version"]),
  kubernetesProgram("kube-scheduler", ["--version"]),
  etcd,
  kwok,
];

/** The programs that benchmarks compare with. */
export const peerPrograms: readonly Program[] = [
  kubernetesProgram("kubectl", ["version", "--client"]),
  helm,
  kustomize,
];

/** Systems that tests run beside the embedded cluster. */
export const operatorPrograms: readonly Program[] = [traefik];

/** Whether what a program printed says that it is the version that is wanted, and not one that merely begins like it. */
export function isVersion(program: Program, printed: string): boolean {
  const escaped = program.versionText.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|\\s)${escaped}(\\s|$)`, "m").test(printed);
}

/** The version of Kubernetes that the embedded cluster runs. */
export const pinnedKubernetes: string = kubernetesVersion;

/** The platform that this process runs on. */
export function hostPlatform(): Platform {
  return {
    os: Deno.build.os,
    arch: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
  };
}
