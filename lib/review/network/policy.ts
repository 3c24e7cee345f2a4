import { type Manifest, refOf, subjectOf } from "../../core/object.ts";
import type { LabelSelector } from "../selector.ts";

/** A direction of traffic, as policies name it. */
export type Direction = "Ingress" | "Egress";

/** A NetworkPolicy with all of its defaults filled in. */
export interface Policy {
  /** How messages name it. */
  subject: string;
  /** Its namespace, and that of the pods it holds. */
  namespace: string;
  /** Which pods of its namespace it holds. */
  podSelector: LabelSelector;
  /** For each direction that it isolates pods in, what it allows. */
  rules: Partial<Record<Direction, PolicyRule[]>>;
}

/** What a policy allows in one direction. */
export interface PolicyRule {
  /** Who is at the other end; everybody when absent. */
  peers?: PolicyPeer[];
  /** Ports of the end that answers; all when absent. */
  ports?: PolicyPort[];
}

/** Someone at the other end: pods by selectors, or addresses. Source: k8s.io/api, networking/v1 NetworkPolicyPeer. */
export interface PolicyPeer {
  /** Pods with these labels; all when absent. */
  podSelector?: LabelSelector;
  /** Pods of namespaces with these labels; of the policy's own when absent. */
  namespaceSelector?: LabelSelector;
  /** Addresses, in place of pods. */
  ipBlock?: AddressBlock;
}

/** Addresses by range. Source: k8s.io/api, networking/v1 IPBlock. */
export interface AddressBlock {
  /** The range. */
  cidr: string;
  /** Ranges within it that are not meant. */
  except?: readonly string[];
}

/** Ports by number, range or name; all of a protocol without `port`. Source: k8s.io/api, networking/v1 NetworkPolicyPort. */
export interface PolicyPort {
  /** Protocol. */
  protocol: string;
  /** Number, or name of a container's port. */
  port?: number | string;
  /** Last number of a range that begins with `port`. */
  endPort?: number;
}

interface PolicySpec {
  podSelector?: LabelSelector;
  policyTypes?: Direction[];
  ingress?: ({ from?: PolicyPeer[]; ports?: Partial<PolicyPort>[] } | null)[];
  egress?: ({ to?: PolicyPeer[]; ports?: Partial<PolicyPort>[] } | null)[];
}

/**
 * The NetworkPolicies among manifests. Without `policyTypes` a policy isolates pods for ingress, and for egress only
 * when it has egress rules. Source: Kubernetes, pkg/apis/networking/v1 defaults.go SetDefaults_NetworkPolicy.
 */
export function policiesOf(manifests: readonly Manifest[]): Policy[] {
  return manifests
    .filter(({ kind, apiVersion }) =>
      kind === "NetworkPolicy" && apiVersion === "networking.k8s.io/v1"
    )
    .map((manifest) => {
      const spec = (manifest["spec"] ?? {}) as PolicySpec;
      const { ingress = [], egress = [], policyTypes = [] } = spec;
      const directions: Direction[] = policyTypes.length > 0
        ? policyTypes
        : egress.length > 0
        ? ["Ingress", "Egress"]
        : ["Ingress"];
      const rules: Record<Direction, PolicyRule[]> = {
        Ingress: ingress.map((rule) => ruleOf(rule?.from, rule?.ports)),
        Egress: egress.map((rule) => ruleOf(rule?.to, rule?.ports)),
      };
      return {
        subject: subjectOf(refOf(manifest)),
        namespace: manifest.metadata.namespace ?? "default",
        podSelector: spec.podSelector ?? {},
        rules: Object.fromEntries(directions.map((direction) => [direction, rules[direction]])),
      };
    });
}

/** An empty list stands for all, as a missing one does. Source: k8s.io/api, networking/v1 NetworkPolicyIngressRule. */
function ruleOf(peers: PolicyPeer[] = [], ports: Partial<PolicyPort>[] = []): PolicyRule {
  return {
    ...(peers.length === 0 ? {} : { peers }),
    ...(ports.length === 0
      ? {}
      : { ports: ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })) }),
  };
}
