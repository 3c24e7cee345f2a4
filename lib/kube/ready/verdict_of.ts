import { groupOf, type KubeObject, type ObjectRef } from "../../core/object.ts";
import { gatewayClassReady, gatewayReady, policyReady, routeReady } from "./accepted.ts";
import { admissionPolicyReady } from "./admission_policy.ts";
import { applicationReady } from "./application.ts";
import { autoscalerReady } from "./autoscaler.ts";
import { certificateReady } from "./certificate.ts";
import { claimReady } from "./claim.ts";
import { announcedReady, conventionalReady } from "./custom.ts";
import { daemonSetReady } from "./daemon_set.ts";
import { apiServiceReady, definitionReady } from "./definition.ts";
import { heldBy, isBeingDeleted } from "./deletion.ts";
import { deploymentReady } from "./deployment.ts";
import { disruptionBudgetReady } from "./disruption_budget.ts";
import { externalSecretReady } from "./external_secret.ts";
import { numberAt } from "./fields.ts";
import { helmChartReady } from "./helm_chart.ts";
import { cronJobReady, jobReady } from "./job.ts";
import { backupTargetReady, longhornSettingReady } from "./longhorn.ts";
import { namespaceReady } from "./namespace.ts";
import { podReady } from "./pod.ts";
import { cloudNativePgReady, zalandoPostgresReady } from "./postgres.ts";
import { prometheusReady } from "./prometheus.ts";
import { replicaSetReady } from "./replica_set.ts";
import { sealedSecretReady } from "./sealed_secret.ts";
import { serviceReady } from "./service.ts";
import { statefulSetReady } from "./stateful_set.ts";
import { scheduleReady, storageLocationReady } from "./velero.ts";
import { type ReadyReader, type Related, type Verdict, waiting } from "./verdict.ts";

const readers: Readonly<Record<string, ReadyReader>> = {
  "apps/Deployment": deploymentReady,
  "apps/ReplicaSet": replicaSetReady,
  "apps/StatefulSet": statefulSetReady,
  "apps/DaemonSet": daemonSetReady,
  "batch/Job": jobReady,
  "batch/CronJob": cronJobReady,
  "/Pod": podReady,
  "/PersistentVolumeClaim": claimReady,
  "/Service": serviceReady,
  "/Namespace": namespaceReady,
  "apiextensions.k8s.io/CustomResourceDefinition": definitionReady,
  "apiregistration.k8s.io/APIService": apiServiceReady,
  "autoscaling/HorizontalPodAutoscaler": autoscalerReady,
  "policy/PodDisruptionBudget": disruptionBudgetReady,
  "cert-manager.io/Certificate": certificateReady,
  "cert-manager.io/Issuer": announcedReady,
  "cert-manager.io/ClusterIssuer": announcedReady,
  "external-secrets.io/ExternalSecret": externalSecretReady,
  "external-secrets.io/SecretStore": announcedReady,
  "external-secrets.io/ClusterSecretStore": announcedReady,
  "argoproj.io/Application": applicationReady,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": admissionPolicyReady,
  "helm.cattle.io/HelmChart": helmChartReady,
  "monitoring.coreos.com/Prometheus": prometheusReady,
  "monitoring.coreos.com/Alertmanager": prometheusReady,
  "monitoring.coreos.com/PrometheusAgent": prometheusReady,
  "monitoring.coreos.com/ThanosRuler": prometheusReady,
  "acid.zalan.do/postgresql": zalandoPostgresReady,
  "postgresql.cnpg.io/Cluster": cloudNativePgReady,
  "gateway.networking.k8s.io/GatewayClass": gatewayClassReady,
  "gateway.networking.k8s.io/Gateway": gatewayReady,
  "gateway.networking.k8s.io/ListenerSet": gatewayReady,
  "gateway.networking.k8s.io/HTTPRoute": routeReady,
  "gateway.networking.k8s.io/GRPCRoute": routeReady,
  "gateway.networking.k8s.io/TLSRoute": routeReady,
  "gateway.networking.k8s.io/BackendTLSPolicy": policyReady,
  "gateway.envoyproxy.io/BackendTrafficPolicy": policyReady,
  "gateway.envoyproxy.io/ClientTrafficPolicy": policyReady,
  "gateway.envoyproxy.io/SecurityPolicy": policyReady,
  "gateway.envoyproxy.io/EnvoyExtensionPolicy": policyReady,
  "bitnami.com/SealedSecret": sealedSecretReady,
  "velero.io/BackupStorageLocation": storageLocationReady,
  "velero.io/Schedule": scheduleReady,
  "longhorn.io/BackupTarget": backupTargetReady,
  "longhorn.io/Setting": longhornSettingReady,
};

// Without observedGeneration a status of these kinds was not written by their controllers yet.
const alwaysObserved = new Set([
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "policy/PodDisruptionBudget",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
]);

const settled: Readonly<Record<string, readonly string[]>> = {
  "": [
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "ResourceQuota",
    "Secret",
    "ServiceAccount",
  ],
  "admissionregistration.k8s.io": [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicyBinding",
  ],
  "argoproj.io": ["AppProject"],
  "coordination.k8s.io": ["Lease"],
  "discovery.k8s.io": ["EndpointSlice"],
  "gateway.networking.k8s.io": ["ReferenceGrant"],
  "longhorn.io": ["RecurringJob"],
  "monitoring.coreos.com": [
    "AlertmanagerConfig",
    "PodMonitor",
    "Probe",
    "PrometheusRule",
    "ServiceMonitor",
  ],
  "networking.k8s.io": ["Ingress", "IngressClass", "NetworkPolicy"],
  "node.k8s.io": ["RuntimeClass"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "scheduling.k8s.io": ["PriorityClass"],
  "snapshot.storage.k8s.io": ["VolumeSnapshotClass"],
  "storage.k8s.io": ["CSIDriver", "StorageClass"],
};

/**
 * Whether an object is ready, as its own status tells. Pure, and never throws.
 *
 * @param related what else the verdict may depend on: the StorageClass of a claim, and pods that may use it
 */
export function verdictOf(object: KubeObject, related: Related = {}): Verdict {
  if (isBeingDeleted(object)) {
    const held = heldBy(object);
    return waiting(held === undefined ? "is being deleted" : `is being deleted: ${held}`);
  }
  const key = `${groupOf(String(object.apiVersion))}/${object.kind}`;
  const generation = numberAt(object, "metadata", "generation");
  const observed = numberAt(object, "status", "observedGeneration");
  if (observed === undefined && alwaysObserved.has(key)) {
    return waiting("not seen by its controller yet");
  }
  if (generation !== undefined && observed !== undefined && observed < generation) {
    return waiting(`its controller has seen generation ${observed}, not ${generation} yet`);
  }
  const read = Object.hasOwn(readers, key) ? readers[key]! : conventionalReady;
  return read(object, related);
}

/** Whether objects of a kind are ready as soon as they exist, so that a wait for what was just applied can leave them out. */
export function isReadyOnceApplied(ref: Pick<ObjectRef, "apiVersion" | "kind">): boolean {
  const group = groupOf(ref.apiVersion);
  return Object.hasOwn(settled, group) && settled[group]!.includes(ref.kind);
}
