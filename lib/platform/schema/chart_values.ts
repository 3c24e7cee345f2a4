import { z } from "zod";
import { resources } from "./container.ts";
import * as part from "./parts.ts";

const controller = z.strictObject({
  replicas: part.atLeastOne.optional(),
  resources: resources.optional(),
});

const measured = z.strictObject({
  ...controller.shape,
  metrics: z.boolean().optional(),
});

const secretKey = z.strictObject({ secret: part.name, key: part.dataKey });

const edge = z.strictObject({
  ...measured.shape,
  autoscaling: z.strictObject({
    minReplicas: part.atLeastOne,
    maxReplicas: part.atLeastOne,
    cpuUtilizationPercent: z.int().min(1).max(100),
  }).optional(),
  service: z.strictObject({
    type: z.enum(["LoadBalancer", "NodePort", "ClusterIP"]).optional(),
    externalTrafficPolicy: z.enum(["Cluster", "Local"]).optional(),
    nodePorts: z.strictObject({ http: part.portNumber, https: part.portNumber }).optional(),
    healthCheckNodePort: part.portNumber.optional(),
  }).optional(),
});

const database = z.strictObject({
  host: z.string().min(1),
  port: part.portNumber.optional(),
  name: z.string().min(1),
  user: z.string().min(1),
  password: secretKey,
});

const volume = z.strictObject({ storageClass: part.name, size: part.quantity });

const percent = z.int().min(0);

/**
 * What can be set of each chart of manifests/charts.yaml: one strict object each.
 * @ignore
 */
export const chartValues = {
  "argo-cd": z.strictObject({
    host: part.host.optional(),
    server: controller.optional(),
    repoServer: controller.optional(),
    controller: controller.optional(),
    highlyAvailableRedis: z.boolean().optional(),
    oidc: z.strictObject({
      name: z.string().min(1),
      issuer: part.url,
      clientId: z.string().min(1),
      clientSecret: secretKey,
      adminGroups: z.array(z.string().min(1)).min(1),
    }).optional(),
    metrics: z.boolean().optional(),
  }),
  "cert-manager": measured,
  "cloudnative-pg": measured,
  "envoy-gateway": controller,
  "external-secrets": measured,
  gitea: z.strictObject({
    host: part.host,
    resources: resources.optional(),
    storage: volume,
    database,
    redisUrl: secretKey,
    adminSecret: part.name,
    metrics: z.boolean().optional(),
  }),
  harbor: z.strictObject({
    host: part.host,
    replicas: part.atLeastOne.optional(),
    storage: volume,
    database,
    redis: part.text(
      /^[a-z0-9.-]+:\d+(,[a-z0-9.-]+:\d+)*$/,
      "an address such as redis:6379, or several with commas between",
    ),
    redisMaster: z.string().min(1).optional(),
    redisSecret: part.name.optional(),
    adminPassword: secretKey,
    trivy: z.boolean().optional(),
    metrics: z.boolean().optional(),
  }),
  "ingress-nginx": z.strictObject({
    ...edge.shape,
    className: part.name.optional(),
    proxyProtocol: z.boolean().optional(),
  }),
  "kube-prometheus-stack": z.strictObject({
    resources: resources.optional(),
    nodeExporter: z.boolean().optional(),
    kubeStateMetrics: z.boolean().optional(),
    clusterMonitors: z.boolean().optional(),
  }),
  longhorn: z.strictObject({
    defaultReplicas: part.atLeastOne.optional(),
    uiReplicas: part.count.optional(),
    overProvisioningPercent: percent.optional(),
    minimalAvailablePercent: percent.max(100).optional(),
  }),
  "metrics-server": controller,
  "postgres-operator": z.strictObject({
    resources: resources.optional(),
    podConfig: part.text(/^[a-z0-9-]+\/[a-z0-9.-]+$/, "namespace/name").optional(),
    podSecret: part.name.optional(),
    crossNamespaceSecrets: z.boolean().optional(),
  }),
  "sealed-secrets": z.strictObject({
    resources: resources.optional(),
    keyRenewalDays: part.atLeastOne.optional(),
    metrics: z.boolean().optional(),
  }),
  "tigera-operator": z.strictObject({
    podCidr: part.cidr.optional(),
    encapsulation: z.enum(["None", "IPIP", "VXLAN", "IPIPCrossSubnet", "VXLANCrossSubnet"])
      .optional(),
  }),
  traefik: z.strictObject({
    ...edge.shape,
    proxyProtocolFrom: z.array(part.cidr).min(1).optional(),
  }),
  "vault-injector": z.strictObject({
    ...controller.shape,
    address: part.url,
    authPath: z.string().min(1).optional(),
  }),
  velero: z.strictObject({
    resources: resources.optional(),
    plugins: z.array(part.image).min(1),
    credentialsSecret: part.name,
    nodeAgent: z.boolean().optional(),
    csiSnapshots: z.boolean().optional(),
    metrics: z.boolean().optional(),
  }),
  woodpecker: z.strictObject({
    host: part.host,
    giteaUrl: part.url,
    secret: part.name,
    storage: volume,
    agents: part.atLeastOne.optional(),
    serverResources: resources.optional(),
    agentResources: resources.optional(),
  }),
};
