import type {
  CertManagerValues,
  ExternalSecretsValues,
  SealedSecretsValues,
  VaultInjectorValues,
} from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Source: cert-manager v1.21, deploy/charts/cert-manager values.yaml. */
export function certManager({ replicas, resources, metrics }: CertManagerValues): HelmValues {
  const each = { replicaCount: replicas, resources };
  return {
    crds: { enabled: false },
    ...each,
    webhook: each,
    cainjector: each,
    podDisruptionBudget: { enabled: (replicas ?? 1) > 1 ? true : undefined },
    prometheus: metrics ? { enabled: true, servicemonitor: { enabled: true } } : undefined,
  };
}

/** Source: external-secrets v0.19, deploy/charts/external-secrets values.yaml. */
export function externalSecrets(options: ExternalSecretsValues): HelmValues {
  const { replicas, resources, metrics } = options;
  const each = { replicaCount: replicas, resources };
  return {
    installCRDs: false,
    ...each,
    leaderElect: (replicas ?? 1) > 1 ? true : undefined,
    webhook: each,
    certController: each,
    serviceMonitor: { enabled: metrics },
  };
}

/** Source: sealed-secrets, helm/sealed-secrets values.yaml. */
export function sealedSecrets(options: SealedSecretsValues): HelmValues {
  const { resources, keyRenewalDays, metrics } = options;
  return {
    // The name under which kubeseal looks for it.
    fullnameOverride: "sealed-secrets-controller",
    resources,
    keyrenewperiod: keyRenewalDays === undefined ? undefined : `${keyRenewalDays * 24}h`,
    metrics: { serviceMonitor: { enabled: metrics } },
  };
}

/** The injector alone: a Vault of the platform's own is one of its `vaults`. Source: hashicorp/vault-helm, values.yaml. */
export function vaultInjector(options: VaultInjectorValues): HelmValues {
  const { replicas, resources, address, authPath } = options;
  return {
    global: { externalVaultAddr: address },
    injector: { enabled: true, replicas, resources, authPath },
    server: { enabled: false },
    csi: { enabled: false },
  };
}
