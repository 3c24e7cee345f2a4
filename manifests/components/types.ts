// The one place where the type packages of Kubernetes and of custom resources are named.
import type { IAppProject } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject";
import type { IApplication } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import type { ICertificate } from "@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate";
import type { IClusterIssuer } from "@kubernetes-models/cert-manager/cert-manager.io/v1/ClusterIssuer";
import type { IIssuer } from "@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer";
import type { ICluster } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Cluster";
import type { IPooler } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Pooler";
import type { IScheduledBackup } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/ScheduledBackup";
import type { IBackendTrafficPolicy } from "@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/BackendTrafficPolicy";
import type { IClientTrafficPolicy } from "@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/ClientTrafficPolicy";
import type { IEnvoyProxy } from "@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/EnvoyProxy";
import type { ISecurityPolicy } from "@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/SecurityPolicy";
import type { IClusterSecretStore } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ClusterSecretStore";
import type { IExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import type { ISecretStore } from "@kubernetes-models/external-secrets/external-secrets.io/v1/SecretStore";
import type { IGateway } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway";
import type { IGatewayClass } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GatewayClass";
import type { IHTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import type { IListenerSet } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/ListenerSet";
import type { IReferenceGrant } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/ReferenceGrant";
import type { ITLSRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/TLSRoute";
import type { IAlertmanager } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Alertmanager";
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { IAlertmanagerConfig } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig";
import type { ISealedSecret } from "@kubernetes-models/sealed-secrets/bitnami.com/v1alpha1/SealedSecret";
import type { IIngressRoute } from "@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRoute";
import type { IIngressRouteTCP } from "@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRouteTCP";
import type { IMiddleware } from "@kubernetes-models/traefik/traefik.io/v1alpha1/Middleware";
import type { IServersTransport } from "@kubernetes-models/traefik/traefik.io/v1alpha1/ServersTransport";
import type { ITLSOption } from "@kubernetes-models/traefik/traefik.io/v1alpha1/TLSOption";
import type { IValidatingAdmissionPolicy } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
import type { IValidatingAdmissionPolicyBinding } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding";
import type { IDaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import type { ICronJob } from "kubernetes-models/batch/v1/CronJob";
import type { IJob } from "kubernetes-models/batch/v1/Job";
import type { IEndpointSlice } from "kubernetes-models/discovery.k8s.io/v1/EndpointSlice";
import type { IIngress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1/StorageClass";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { ILimitRange } from "kubernetes-models/v1/LimitRange";
import type { INamespace } from "kubernetes-models/v1/Namespace";
import type { IPersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { IProbe } from "kubernetes-models/v1/Probe";
import type { IResourceQuota } from "kubernetes-models/v1/ResourceQuota";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { IVolume } from "kubernetes-models/v1/Volume";
import type { IVolumeMount } from "kubernetes-models/v1/VolumeMount";

/** @ignore */
export type AppProject = IAppProject;
/** @ignore */
export type Application = IApplication;
/** @ignore */
export type Certificate = ICertificate;
/** @ignore */
export type ClusterIssuer = IClusterIssuer;
/** @ignore */
export type ClusterSecretStore = IClusterSecretStore;
/** @ignore */
export type ExternalSecret = IExternalSecret;
/** @ignore */
export type SealedSecret = ISealedSecret;
/** @ignore */
export type SecretStore = ISecretStore;
/** @ignore */
export type Alertmanager = IAlertmanager;
/** @ignore */
export type AlertmanagerConfig = IAlertmanagerConfig;
/** @ignore */
export type PodMonitor = IPodMonitor;
/** @ignore */
export type Prometheus = IPrometheus;
/** @ignore */
export type PrometheusRule = IPrometheusRule;
/** @ignore */
export type ServiceMonitor = IServiceMonitor;
/** @ignore */
export type IngressRoute = IIngressRoute;
/** @ignore */
export type Middleware = IMiddleware;
/** @ignore */
export type ServersTransport = IServersTransport;
/** @ignore */
export type TlsOption = ITLSOption;
/** @ignore */
export type DaemonSet = IDaemonSet;
/** @ignore */
export type Deployment = IDeployment;
/** @ignore */
export type StatefulSet = IStatefulSet;
/** @ignore */
export type HorizontalPodAutoscaler = IHorizontalPodAutoscaler;
/** @ignore */
export type CnpgCluster = ICluster;
/** @ignore */
export type CnpgPooler = IPooler;
/** @ignore */
export type CnpgScheduledBackup = IScheduledBackup;
/** @ignore */
export type CronJob = ICronJob;
/** @ignore */
export type Job = IJob;
/** @ignore */
export type EndpointSlice = IEndpointSlice;
/** @ignore */
export type NetworkPolicy = INetworkPolicy;
/** @ignore */
export type NetworkPolicyPeer = INetworkPolicyPeer;
/** @ignore */
export type PodDisruptionBudget = IPodDisruptionBudget;
/** @ignore */
export type ClusterRoleBinding = IClusterRoleBinding;
/** @ignore */
export type Role = IRole;
/** @ignore */
export type StorageClass = IStorageClass;
/** @ignore */
export type ConfigMap = IConfigMap;
/** @ignore */
export type Container = IContainer;
/** @ignore */
export type Namespace = INamespace;
/** @ignore */
export type PersistentVolumeClaim = IPersistentVolumeClaim;
/** @ignore */
export type PodSpec = IPodSpec;
/** @ignore */
export type Probe = IProbe;
/** @ignore */
export type Service = IService;
/** @ignore */
export type ServiceAccount = IServiceAccount;
/** @ignore */
export type Volume = IVolume;
/** @ignore */
export type VolumeMount = IVolumeMount;
/** @ignore */
export type ClusterRole = IClusterRole;
/** @ignore */
export type PolicyRule = IPolicyRule;
/** @ignore */
export type RoleBinding = IRoleBinding;
/** @ignore */
export type LimitRange = ILimitRange;
/** @ignore */
export type ResourceQuota = IResourceQuota;
/** @ignore */
export type Issuer = IIssuer;
/** @ignore */
export type BackendTrafficPolicy = IBackendTrafficPolicy;
/** @ignore */
export type ClientTrafficPolicy = IClientTrafficPolicy;
/** @ignore */
export type EnvoyProxy = IEnvoyProxy;
/** @ignore */
export type SecurityPolicy = ISecurityPolicy;
/** @ignore */
export type Gateway = IGateway;
/** @ignore */
export type GatewayClass = IGatewayClass;
/** @ignore */
export type HttpRoute = IHTTPRoute;
/** @ignore */
export type ListenerSet = IListenerSet;
/** @ignore */
export type ReferenceGrant = IReferenceGrant;
/** @ignore */
export type TlsRoute = ITLSRoute;
/** @ignore */
export type IngressRouteTcp = IIngressRouteTCP;
/** @ignore */
export type ValidatingAdmissionPolicy = IValidatingAdmissionPolicy;
/** @ignore */
export type ValidatingAdmissionPolicyBinding = IValidatingAdmissionPolicyBinding;
/** @ignore */
export type Ingress = IIngress;
