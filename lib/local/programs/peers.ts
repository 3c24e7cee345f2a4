import { kubernetesProgram } from "./control_plane.ts";
import type { Program } from "./program.ts";

const helmVersion = "v4.3.1";
const kustomizeVersion = "v5.8.1";
const github = "https://github.com";

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

/** The programs that benchmarks compare with. */
export const peerPrograms: readonly Program[] = [
  kubernetesProgram("kubectl", ["version", "--client"]),
  helm,
  kustomize,
];
