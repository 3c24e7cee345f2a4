import type { Manifest } from "../../core/object.ts";
import { type End, endsOf } from "../../platform/ends.ts";
import type { Platform } from "../../platform/types.ts";
import { zonesOf } from "../../platform/zones.ts";
import { operatorPods } from "../operators/operators.ts";
import { podSources, type PodSpec, runningContainers } from "../pods.ts";
import type { LabelSelector } from "../selector.ts";
import { sizeOf } from "./address_range.ts";
import {
  type AddressEndpoint,
  addressesOf,
  type ContainerPort,
  type PodEndpoint,
} from "./endpoint.ts";
import type { Policy } from "./policy.ts";

/** Someone of a platform's network. */
export interface NetworkEnd {
  /** Name, which is unique among pods of a namespace and among addresses. */
  name: string;
  /** Who it is to policies. */
  endpoint: PodEndpoint | AddressEndpoint;
  /** Namespace of its pods; absent for what lies outside of the cluster. */
  namespace?: string;
  /** Its zone, where the platform has zones. */
  zone?: string;
  /** Whether the platform makes it; others it only knows. */
  rendered: boolean;
  /** Whether its ports are all known. */
  portsKnown: boolean;
}

/** Pods as something makes them, or as they are known to be. */
interface FoundPods {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  ports: ContainerPort[];
  hostNetwork: boolean;
}

/**
 * All ends of a platform's network: the pods that its objects make, themselves or by their operators, under the names
 * that flows have for them; then the pods and addresses that the platform only names.
 */
export function networkEnds(
  manifests: readonly Manifest[],
  platform: Platform,
  policies: readonly Policy[],
): NetworkEnd[] {
  const declared = endsOf(platform);
  const zones = zonesOf(platform);
  const found = foundPods(manifests, policies);
  const namespaceLabels = namespaceLabelsOf(manifests);
  const named = found.map((pods) => ({ pods, end: endOf(pods, declared) }));
  const uses = Map.groupBy(named, ({ end }) => end);
  const rendered = named.map(({ pods, end }): NetworkEnd => {
    const name = end !== undefined && uses.get(end)!.length === 1 ? end : pods.name;
    return {
      ...podEnd({ ...pods, name }, namespaceLabels),
      ...zoneOf(end ?? name, zones),
      rendered: true,
      portsKnown: true,
    };
  });
  const others = declared
    .filter(([, end]) => !found.some((pods) => means(end, pods)) && !isAlias(end, declared))
    .map(([name, end]): NetworkEnd => ({
      ...knownEnd(name, end, namespaceLabels),
      ...zoneOf(name, zones),
      rendered: false,
      portsKnown: Object.keys(end.ports).length > 0,
    }));
  return apart([...rendered, ...others]);
}

/** Addresses that two ends have belong to the smaller one: what a wide range means is the rest. */
function apart(ends: readonly NetworkEnd[]): NetworkEnd[] {
  const sizes = new Map(
    ends.flatMap((end) =>
      end.endpoint.kind === "addresses" ? [[end, sizeOf(addressesOf(end.endpoint))] as const] : []
    ),
  );
  return ends.map((end) => {
    const { endpoint } = end;
    if (endpoint.kind !== "addresses") return end;
    const smaller = [...sizes]
      .filter(([other, size]) => other !== end && size < sizes.get(end)!)
      .flatMap(([{ endpoint: other }]) => other.kind === "addresses" ? addressesOf(other) : []);
    return { ...end, endpoint: { ...endpoint, without: smaller } };
  });
}

/** A Service that stands for a peer is that peer under another name. */
function isAlias({ what, namespace, podLabels }: End, declared: readonly [string, End][]): boolean {
  return what === "external service" && namespace !== undefined &&
    declared.some(([, end]) =>
      end.what === "peer" && end.namespace === namespace && end.podLabels === podLabels
    );
}

/** How messages name an end. */
export function endName({ name, namespace }: Pick<NetworkEnd, "name" | "namespace">): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function foundPods(manifests: readonly Manifest[], policies: readonly Policy[]): FoundPods[] {
  const keys = new Set(policies.flatMap(selectorsOf).flatMap(keysOf));
  return [
    ...podSources(manifests).map(({ owner, namespace, labels, spec }) => ({
      name: owner.metadata.name,
      namespace,
      labels,
      ...networkOf(spec),
    })),
    ...operatorPods(manifests).flatMap(({ owner, namespace, labelSets, spec }) =>
      toldApart(labelSets, keys).map(({ labels, role }) => ({
        name: role === undefined ? owner.metadata.name : `${owner.metadata.name}-${role}`,
        namespace,
        labels,
        ...networkOf(spec),
      }))
    ),
  ];
}

function networkOf(spec: PodSpec): Pick<FoundPods, "ports" | "hostNetwork"> {
  return {
    hostNetwork: spec.hostNetwork === true,
    ports: runningContainers(spec).flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort, protocol = "TCP" }) => ({
        ...(name === undefined ? {} : { name }),
        port: containerPort,
        protocol,
      }))
    ),
  };
}

/** Pods that differ by labels which no policy asks for are alike to all policies. */
function toldApart(
  labelSets: readonly Readonly<Record<string, string>>[],
  keys: ReadonlySet<string>,
): { labels: Readonly<Record<string, string>>; role?: string }[] {
  const [first, ...rest] = labelSets;
  if (first === undefined) return [];
  const shared = Object.entries(first).filter(([key, value]) =>
    rest.every((labels) => labels[key] === value)
  );
  const differing = labelSets.flatMap(Object.keys)
    .filter((key) => !shared.some(([other]) => other === key));
  const asked = differing.find((key) => keys.has(key));
  return asked === undefined
    ? [{ labels: Object.fromEntries(shared) }]
    : labelSets.map((labels) => ({ labels, role: labels[asked] ?? "other" }));
}

function selectorsOf({ podSelector, rules }: Policy): LabelSelector[] {
  const peers = Object.values(rules).flat().flatMap((rule) => rule.peers ?? []);
  return [podSelector, ...peers.flatMap((peer) => peer.podSelector ?? [])];
}

function keysOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** The declared end that means these pods most precisely. */
function endOf(pods: FoundPods, declared: readonly [string, End][]): string | undefined {
  const size = (end: End) => Object.keys(end.podLabels ?? {}).length;
  return declared
    .filter(([, end]) => end.podLabels !== undefined && means(end, pods))
    .sort(([, a], [, b]) => size(b) - size(a))[0]?.[0];
}

function means({ namespace, podLabels = {} }: End, pods: FoundPods): boolean {
  return namespace === pods.namespace &&
    Object.entries(podLabels).every(([key, value]) => pods.labels[key] === value);
}

function podEnd(
  { name, namespace, labels, ports, hostNetwork }: FoundPods,
  namespaceLabels: (namespace: string) => Readonly<Record<string, string>>,
): Pick<NetworkEnd, "name" | "namespace" | "endpoint"> {
  return {
    name,
    namespace,
    endpoint: {
      kind: "pods",
      name: endName({ name, namespace }),
      namespace,
      namespaceLabels: namespaceLabels(namespace),
      labels,
      ports,
      ...(hostNetwork ? { hostNetwork } : {}),
    },
  };
}

function knownEnd(
  name: string,
  { namespace, podLabels = {}, cidrs = [], except, ports }: End,
  namespaceLabels: (namespace: string) => Readonly<Record<string, string>>,
): Pick<NetworkEnd, "name" | "namespace" | "endpoint"> {
  if (namespace === undefined) {
    return {
      name,
      endpoint: { kind: "addresses", name, cidrs, ...(except === undefined ? {} : { except }) },
    };
  }
  const known = Object.entries(ports).map(([port, { port: number, protocol = "TCP" }]) => ({
    name: port,
    port: number,
    protocol,
  }));
  return podEnd(
    { name, namespace, labels: podLabels, ports: known, hostNetwork: false },
    namespaceLabels,
  );
}

function zoneOf(name: string, zones: ReadonlyMap<string, string>): { zone?: string } {
  const zone = zones.get(name);
  return zone === undefined ? {} : { zone };
}

/** Labels of namespaces, with the one that Kubernetes gives to each. Source: Kubernetes, "Well-Known Labels". */
function namespaceLabelsOf(
  manifests: readonly Manifest[],
): (namespace: string) => Readonly<Record<string, string>> {
  const labels = new Map(
    manifests
      .filter(({ kind, apiVersion }) => kind === "Namespace" && apiVersion === "v1")
      .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
  return (namespace) => ({
    ...labels.get(namespace),
    "kubernetes.io/metadata.name": namespace,
  });
}
