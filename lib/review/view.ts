import { keyOf, type Manifest, type ObjectRef, refOf } from "../core/object.ts";
import { endsOf } from "../platform/ends.ts";
import type { Platform } from "../platform/types.ts";
import type { KnownPods } from "./known_pods.ts";
import { solverPods } from "./cert_manager.ts";
import { operatorPods } from "./operators/operators.ts";
import type { MadePods } from "./operators/made.ts";
import {
  type ContainerPort,
  type PodSource,
  podSources,
  type PodSpec,
  runningContainers,
} from "./pods.ts";
import { type LabelSelector, selects } from "./selector.ts";

/** What rules look at. */
export interface View {
  /** What the platform file says. */
  platform: Platform;
  /** All of its objects. */
  manifests: readonly Manifest[];
  /** Objects that make pods of a template. */
  sources: readonly PodSource[];
  /** Pods that operators make. */
  made: readonly MadePods[];
  /** Objects of some kinds. */
  ofKind(...kinds: readonly string[]): Manifest[];
  /** One object by kind, namespace and name, in whatever group. */
  find(kind: string, namespace: string | undefined, name: string): Manifest | undefined;
  /** Pods of a namespace that a selector selects. */
  selected(namespace: string, selector: LabelSelector): KnownPods[];
  /** Whether pods may live in a namespace that nobody rendered, such as those of a chart. */
  isOpaque(namespace: string): boolean;
}

/** Ends of flows whose pods are rendered: what they say of labels must be shown by a pod template. */
const rendered = ["workload", "cron job", "vault", "backup job", "external service"];

/** Look at rendered objects. */
export function viewOf(manifests: readonly Manifest[], platform: Platform): View {
  const byKind = Map.groupBy(manifests, ({ kind }) => kind);
  const byName = new Map(
    manifests.map((manifest) => [nameKey(refOf(manifest)), manifest]),
  );
  const sources = podSources(manifests);
  const made = operatorPods(manifests);
  const known = Map.groupBy(
    [
      ...fromSources(sources),
      ...fromOperators(made),
      ...solverPods(manifests),
      ...fromPeers(platform),
    ],
    ({ namespace }) => namespace,
  );
  const opaque = new Set([
    ...Object.entries(platform.namespaces)
      .filter(([, { existing }]) => existing === true)
      .map(([name]) => name),
    ...manifests.flatMap(chartNamespaces),
    // Kubernetes' own, in which it runs what no platform has to name.
    ...["default", "kube-system"].filter((name) => !(name in platform.namespaces)),
  ]);
  return {
    platform,
    manifests,
    sources,
    made,
    ofKind: (...kinds) => kinds.flatMap((kind) => byKind.get(kind) ?? []),
    find: (kind, namespace, name) =>
      byName.get(nameKey({ kind, name, ...(namespace === undefined ? {} : { namespace }) })),
    selected: (namespace, selector) =>
      (known.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels)),
    isOpaque: (namespace) => opaque.has(namespace),
  };
}

/** The ports of all containers of a pod that keep running. */
export function portsOf(spec: PodSpec): ContainerPort[] {
  return runningContainers(spec).flatMap(({ ports = [] }) => ports);
}

function nameKey({ kind, namespace, name }: Omit<ObjectRef, "apiVersion">): string {
  return keyOf({ apiVersion: "v1", kind, name, ...(namespace === undefined ? {} : { namespace }) });
}

function fromSources(sources: readonly PodSource[]): KnownPods[] {
  return sources.map(({ owner, namespace, labels, spec }) => ({
    namespace,
    labels,
    ports: portsOf(spec),
    owner,
  }));
}

function fromOperators(made: readonly MadePods[]): KnownPods[] {
  return made.flatMap(({ owner, namespace, labelSets, spec }) =>
    labelSets.map((labels) => ({ namespace, labels, ports: portsOf(spec), owner }))
  );
}

/** Pods of others, of which the platform knows labels and namespace only. */
function fromPeers(platform: Platform): KnownPods[] {
  return endsOf(platform).flatMap(([, { what, namespace, podLabels }]) =>
    namespace === undefined || podLabels === undefined || rendered.includes(what)
      ? []
      : [{ namespace, labels: podLabels }]
  );
}

/** Namespaces that charts put pods in. */
function chartNamespaces({ kind, metadata, ...rest }: Manifest): string[] {
  const spec = (rest["spec"] ?? {}) as {
    targetNamespace?: string;
    source?: { chart?: string };
    sources?: { chart?: string }[];
    destination?: { namespace?: string };
  };
  if (kind === "HelmChart") return [spec.targetNamespace ?? metadata.namespace ?? "default"];
  const chart = spec.source?.chart ?? spec.sources?.find((source) => source.chart)?.chart;
  return kind === "Application" && chart !== undefined && spec.destination?.namespace !== undefined
    ? [spec.destination.namespace]
    : [];
}
