import type { Program } from "./program.ts";

const github = "https://github.com";
const traefikVersion = "v3.6.0";
const vaultVersion = "v1.21.1";
const sealedSecretsVersion = "v0.27.1";
const minioVersion = "v0.0.0-20260212201848-7aac2a2c5b7c";
const minioTag = "DEVELOPMENT.2026-02-12T20-18-48Z";
const externalSecretsVersion = "v0.19.2";
const certManagerVersion = "v1.11.5";

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

/** Source: releases.hashicorp.com, which has a list of checksums beside the archives. */
const vault: Program = {
  name: "vault",
  version: vaultVersion,
  versionArguments: ["version"],
  versionText: `Vault ${vaultVersion}`,
  release({ os, arch }) {
    const version = vaultVersion.slice(1);
    const folder = `https://releases.hashicorp.com/vault/${version}`;
    return {
      url: `${folder}/vault_${version}_${os}_${arch}.zip`,
      member: "vault",
      checksumUrl: `${folder}/vault_${version}_SHA256SUMS`,
      checksumForm: "list",
    };
  },
  module: "vault",
  package: "github.com/hashicorp/vault",
  linkerVariables: [],
};

/** Source: sealed-secrets' .goreleaser.yml: archives hold kubeseal only, beside the list of checksums that goreleaser names. */
const kubeseal: Program = {
  name: "kubeseal",
  version: sealedSecretsVersion,
  versionArguments: ["--version"],
  versionText: `kubeseal version: ${sealedSecretsVersion.slice(1)}`,
  release({ os, arch }) {
    const version = sealedSecretsVersion.slice(1);
    const repository = "bitnami-labs/sealed-secrets";
    const folder = `${github}/${repository}/releases/download/${sealedSecretsVersion}`;
    return {
      url: `${folder}/kubeseal-${version}-${os}-${arch}.tar.gz`,
      member: "kubeseal",
      checksumUrl: `${folder}/sealed-secrets_${version}_checksums.txt`,
      checksumForm: "list",
    };
  },
  module: "sealed-secrets",
  package: "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal",
  linkerVariables: [`main.VERSION=${sealedSecretsVersion.slice(1)}`],
};

/** Upstream publishes the controller as a container image only. */
const sealedSecretsController: Program = {
  name: "sealed-secrets-controller",
  version: sealedSecretsVersion,
  versionArguments: ["--version"],
  versionText: `controller version: ${sealedSecretsVersion.slice(1)}`,
  release: () => undefined,
  module: "sealed-secrets",
  package: "github.com/bitnami-labs/sealed-secrets/cmd/controller",
  linkerVariables: [`main.VERSION=${sealedSecretsVersion.slice(1)}`],
};

/** Upstream publishes this version as source only. Source: MinIO's README, "Install from source", and buildscripts/gen-ldflags.go. */
const minio: Program = {
  name: "minio",
  version: minioVersion,
  versionArguments: ["--version"],
  versionText: `minio version ${minioTag}`,
  release: () => undefined,
  module: "minio",
  package: "github.com/minio/minio",
  linkerVariables: [`github.com/minio/minio/cmd.ReleaseTag=${minioTag}`],
};

/** Upstream publishes images only, and the program has no way to tell its version. */
const externalSecrets: Program = {
  name: "external-secrets",
  version: externalSecretsVersion,
  release: () => undefined,
  module: "external-secrets",
  package: "github.com/external-secrets/external-secrets",
  linkerVariables: [],
};

/** Upstream publishes the controller as a container image only; its help names the image of its own version. */
const certManagerController: Program = {
  name: "cert-manager-controller",
  version: certManagerVersion,
  versionArguments: ["--help"],
  versionText: `"quay.io/jetstack/cert-manager-acmesolver:${certManagerVersion}")`,
  release: () => undefined,
  module: "cert-manager",
  package: "github.com/cert-manager/cert-manager/cmd/controller",
  linkerVariables: [
    `github.com/cert-manager/cert-manager/pkg/util.AppVersion=${certManagerVersion}`,
  ],
};

/** Systems that run beside the embedded cluster, and what their tests compare with; those that build fast. */
export const testPrograms: readonly Program[] = [
  kubeseal,
  sealedSecretsController,
  minio,
  vault,
];

/** Systems that only live tests run beside the embedded cluster. */
export const liveTestPrograms: readonly Program[] = [
  certManagerController,
  traefik,
  externalSecrets,
];
