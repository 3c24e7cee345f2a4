import type { Manifest } from "../../../lib/core/object.ts";
import { workloadLabels } from "../../../lib/platform/ends.ts";
import type { Resources, WaitFor, Workload } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import {
  antiAffinity,
  containerSecurityContext,
  mounts,
  podSecurityContext,
  probe,
  resourcesOf,
} from "./pod.ts";
import type {
  Container,
  Deployment,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  PodSpec,
  Service,
  ServiceAccount,
} from "../types.ts";

/** A Deployment, and the ServiceAccount, Services, autoscaler and disruption budget that belong to it. */
export function workload(name: string, options: Workload): Manifest[] {
  return [
    serviceAccount(options),
    deployment(name, options),
    ...Object.keys(options.services).map((service) => serviceOf(name, service, options)),
    ...autoscaler(name, options),
    ...disruptionBudget(name, options),
  ];
}

function serviceAccount(options: Workload): Manifest {
  return define<ServiceAccount>({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: options.serviceAccount, namespace: options.namespace },
    automountServiceAccountToken: false,
    imagePullSecrets: options.imagePullSecrets?.map((secret) => ({ name: secret })),
  });
}

function deployment(name: string, options: Workload): Manifest {
  const matchLabels = workloadLabels(name, options);
  return define<Deployment>({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: options.namespace, labels: { ...matchLabels } },
    spec: {
      // The autoscaler owns the number of pods; a number here would undo its decisions at each apply.
      replicas: options.autoscaling === undefined ? options.replicas ?? 1 : undefined,
      selector: { matchLabels },
      strategy: { type: "RollingUpdate", rollingUpdate: { ...options.rollout } },
      template: {
        metadata: { labels: { ...matchLabels }, annotations: options.podAnnotations },
        spec: podSpec(name, options, matchLabels),
      },
    },
  });
}

function podSpec(name: string, options: Workload, matchLabels: Record<string, string>): PodSpec {
  const { volumes, volumeMounts } = mounts(options.mounts ?? {});
  const firstPort = Object.keys(options.ports)[0]!;
  const { liveness, readiness, startup } = options.probes;
  return {
    serviceAccountName: options.serviceAccount,
    automountServiceAccountToken: false,
    // A Service named postgres would otherwise set POSTGRES_PORT and the like, which programs take for settings.
    enableServiceLinks: false,
    imagePullSecrets: options.imagePullSecrets?.map((secret) => ({ name: secret })),
    securityContext: podSecurityContext(options.runAs),
    affinity: options.spread === undefined
      ? undefined
      : antiAffinity(options.spread.antiAffinity, matchLabels),
    initContainers: options.waitFor === undefined
      ? undefined
      : Object.entries(options.waitFor.services).map(([service, port]) =>
        waitContainer(service, port, options.waitFor!, options.namespace)
      ),
    containers: [{
      name: options.container ?? name,
      image: options.image,
      ports: Object.entries(options.ports).map(([port, containerPort]) => ({
        name: port,
        containerPort,
        protocol: "TCP",
      })),
      envFrom: options.envFromSecrets?.map((secret) => ({ secretRef: { name: secret } })),
      env: environment(options),
      resources: resourcesOf(options.resources),
      startupProbe: startup && probe(startup, firstPort),
      livenessProbe: probe(liveness, firstPort),
      readinessProbe: probe(readiness, firstPort),
      securityContext: containerSecurityContext(),
      volumeMounts: volumeMounts.length === 0 ? undefined : volumeMounts,
    }],
    volumes: volumes.length === 0 ? undefined : volumes,
  };
}

/** What an init container needs that only opens a connection. */
const waitResources: Resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "50m", memory: "32Mi" },
};

function waitContainer(
  service: string,
  port: number,
  { image }: WaitFor,
  namespace: string,
): Container {
  return {
    name: `wait-for-${service}`,
    image,
    command: [
      "sh",
      "-c",
      'until nc -z -w 2 "$1" "$2"; do echo "waiting for $1:$2"; sleep 2; done',
      "wait",
      `${service}.${namespace}.svc`,
      String(port),
    ],
    resources: resourcesOf(waitResources),
    securityContext: containerSecurityContext(),
  };
}

function environment({ env }: Workload): Container["env"] {
  if (env === undefined) return undefined;
  return Object.entries(env).map(([name, value]) =>
    typeof value === "string"
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
  );
}

function serviceOf(name: string, service: string, options: Workload): Manifest {
  return define<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service, namespace: options.namespace },
    spec: {
      type: "ClusterIP",
      selector: workloadLabels(name, options),
      ports: Object.entries(options.services[service]!.ports).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: port,
        protocol: "TCP",
      })),
    },
  });
}

function autoscaler(name: string, { autoscaling, namespace }: Workload): Manifest[] {
  if (autoscaling === undefined) return [];
  const { minReplicas, maxReplicas, cpuUtilizationPercent } = autoscaling;
  return [define<HorizontalPodAutoscaler>({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas,
      maxReplicas,
      metrics: [{
        type: "Resource",
        resource: {
          name: "cpu",
          target: { type: "Utilization", averageUtilization: cpuUtilizationPercent },
        },
      }],
    },
  })];
}

function disruptionBudget(name: string, options: Workload): Manifest[] {
  if (options.disruptionBudget === undefined) return [];
  return [define<PodDisruptionBudget>({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: options.namespace },
    spec: {
      maxUnavailable: options.disruptionBudget.maxUnavailable,
      selector: { matchLabels: workloadLabels(name, options) },
      // Pods that are broken anyway must not keep a node from being drained.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  })];
}
