import { type Manifest, subjectOf } from "../../lib/core/object.ts";
import type { Platform } from "../../lib/platform/types.ts";
import type { Rule } from "../../lib/review/finding.ts";
import type { Container, PodSpec } from "../../lib/review/pods.ts";
import { viewOf } from "../../lib/review/view.ts";
import { samplePlatform } from "../platform/sample_platform.ts";

/** Any object, in the namespace shop unless its metadata say otherwise. */
export function object(
  kind: string,
  name: string,
  spec: unknown,
  more: { apiVersion?: string; namespace?: string | null; labels?: Record<string, string> } = {},
): Manifest {
  const { apiVersion = "v1", namespace = "shop", labels } = more;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === null ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
    },
    spec,
  };
}

/** A container that has all that rules ask for. */
export function container(changes: Partial<Container> = {}): Container {
  return {
    name: "web",
    image: "ghcr.io/example/web:1.0.0",
    ports: [{ name: "http", containerPort: 8080 }],
    resources: {
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { cpu: "200m", memory: "128Mi" },
    },
    livenessProbe: { httpGet: { port: "http" }, failureThreshold: 6 },
    readinessProbe: { httpGet: { port: "http" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...changes,
  };
}

/** A pod that has all that rules ask for. */
export function podSpec(changes: Partial<PodSpec> = {}): PodSpec {
  return {
    serviceAccountName: "web",
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container()],
    ...changes,
  };
}

/** What differs of a sample workload. */
export interface WorkloadChanges {
  /** Its pods. */
  pod?: Partial<PodSpec>;
  /** Its only container. */
  container?: Partial<Container>;
  /** Its spec. */
  spec?: Record<string, unknown>;
  /** Labels of its pods. */
  labels?: Record<string, string>;
}

/** A Deployment, or another kind with a template. */
export function workload(
  name: string,
  { pod = {}, container: own = {}, spec = {}, labels = { app: name } }: WorkloadChanges = {},
  kind = "Deployment",
): Manifest {
  const containers = pod.containers ?? [container(own)];
  return object(kind, name, {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec({ ...pod, containers }) },
    ...spec,
  }, { apiVersion: "apps/v1" });
}

/** A Service. */
export function service(
  name: string,
  selector: Record<string, string> | undefined,
  ports: unknown[] = [{ name: "http", port: 80, targetPort: "http" }],
  more: { labels?: Record<string, string>; type?: string } = {},
): Manifest {
  const { labels, ...spec } = more;
  return object(
    "Service",
    name,
    { selector, ports, ...spec },
    labels === undefined ? {} : { labels },
  );
}

/** An autoscaler of a Deployment. */
export function autoscaler(
  target: string,
  [minReplicas, maxReplicas]: [number, number],
  resource = "cpu",
): Manifest {
  return object("HorizontalPodAutoscaler", target, {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target },
    minReplicas,
    maxReplicas,
    metrics: [{
      type: "Resource",
      resource: { name: resource, target: { type: "Utilization", averageUtilization: 70 } },
    }],
  }, { apiVersion: "autoscaling/v2" });
}

/** A claim. */
export function claim(name: string, size = "1Gi", accessModes = ["ReadWriteOnce"]): Manifest {
  return object("PersistentVolumeClaim", name, {
    storageClassName: "local-path",
    accessModes,
    resources: { requests: { storage: size } },
  });
}

/** What a rule says of some objects, each as `Kind namespace/name: because`. */
export function complaints(
  rule: Rule,
  manifests: readonly Manifest[],
  platform: Partial<Platform> = {},
): string[] {
  return rule.check(viewOf(manifests, samplePlatform(platform)))
    .map(({ object, because }) => `${subjectOf(object)}: ${because}`);
}
