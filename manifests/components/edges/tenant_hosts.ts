import type { Manifest } from "../../../lib/core/object.ts";
import { domainLabel } from "../../../lib/core/labels.ts";
import { define } from "../manifest.ts";
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../types.ts";

/** Name of the policy that keeps tenants to their domains, and of its binding. */
export const tenantHostsPolicy = "slipway-tenant-hosts";

/** What must hold of a list of hosts, in CEL. */
const within = (list: string) =>
  `${list}.all(h, h == variables.domain || h.endsWith('.' + variables.domain))`;

/** Whether the object is of one of these kinds, in CEL. */
const isOf = (...kinds: string[]) =>
  `object.kind in [${kinds.map((kind) => `'${kind}'`).join(", ")}]`;

/** What a kind of object may name, and what to say where it names something else. */
interface Bound {
  kinds: string[];
  /** What must hold of objects of these kinds, in CEL. */
  holds: string;
  /** What is wrong where it does not hold. */
  message: string;
}

/**
 * Hosts that are left out would mean all hosts, so they must be given. A wildcard such as `*.example.org` ends like
 * every other name below the domain.
 */
const bounds: Bound[] = [
  {
    kinds: ["HTTPRoute", "GRPCRoute", "TLSRoute"],
    holds: `has(object.spec.hostnames) && size(object.spec.hostnames) > 0 && ${
      within("object.spec.hostnames")
    }`,
    message: "all of spec.hostnames",
  },
  {
    kinds: ["ListenerSet", "Gateway"],
    holds: "object.spec.listeners.all(l, has(l.hostname) && " +
      "(l.hostname == variables.domain || l.hostname.endsWith('.' + variables.domain)))",
    message: "the hostname of each listener",
  },
  {
    kinds: ["Ingress"],
    holds: "!has(object.spec.defaultBackend) && " +
      "(!has(object.spec.rules) || object.spec.rules.all(r, has(r.host) && " +
      "(r.host == variables.domain || r.host.endsWith('.' + variables.domain))))",
    message: "the host of each rule, with no default backend,",
  },
  {
    kinds: ["Ingress"],
    holds: `!has(object.spec.tls) || object.spec.tls.all(t, has(t.hosts) && ${within("t.hosts")})`,
    message: "the hosts of each entry of spec.tls",
  },
  {
    kinds: ["Ingress"],
    holds: "!has(object.metadata.annotations) || object.metadata.annotations.all(a, " +
      "!a.endsWith('/server-alias') && !a.endsWith('-snippet') && " +
      "a != 'cert-manager.io/common-name')",
    message: "hosts by annotations are not looked into, so each host",
  },
  {
    kinds: ["Certificate"],
    holds: `has(object.spec.dnsNames) && size(object.spec.dnsNames) > 0 && ${
      within("object.spec.dnsNames")
    }`,
    message: "all of spec.dnsNames",
  },
  {
    kinds: ["Certificate"],
    holds: `!has(object.spec.commonName) || ${within("[object.spec.commonName]")}`,
    message: "spec.commonName",
  },
  {
    kinds: ["Certificate"],
    holds: "!has(object.spec.literalSubject) && !has(object.spec.ipAddresses) && " +
      "!has(object.spec.uris) && !has(object.spec.otherNames) && !has(object.spec.emailAddresses)",
    message: "names other than spec.dnsNames are not looked into, so each name",
  },
];

/**
 * A ValidatingAdmissionPolicy and its binding, one for all tenants and the same however many there are: whatever is
 * made in a namespace with the label of a domain may name hosts of that domain only. It binds whoever makes
 * objects there; who may make namespaces, and label them, is for roles to say.
 * Source: Kubernetes, "Validating Admission Policy".
 */
export function tenantHosts(): Manifest[] {
  return [
    define<ValidatingAdmissionPolicy>({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: tenantHostsPolicy },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [
            ruleFor("gateway.networking.k8s.io", [
              "httproutes",
              "grpcroutes",
              "tlsroutes",
              "listenersets",
              "gateways",
            ]),
            ruleFor("networking.k8s.io", ["ingresses"]),
            ruleFor("cert-manager.io", ["certificates"]),
          ],
        },
        variables: [{
          name: "domain",
          expression: `namespaceObject.metadata.labels['${domainLabel}']`,
        }],
        validations: bounds.map(({ kinds, holds, message }) => ({
          expression: `!(${isOf(...kinds)}) || (${holds})`,
          messageExpression:
            `'${message} must be ' + variables.domain + ' or a name below it, the domain of namespace ' + namespaceObject.metadata.name`,
          reason: "Forbidden",
        })),
      },
    }),
    define<ValidatingAdmissionPolicyBinding>({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: tenantHostsPolicy },
      spec: {
        policyName: tenantHostsPolicy,
        validationActions: ["Deny"],
        matchResources: {
          namespaceSelector: { matchExpressions: [{ key: domainLabel, operator: "Exists" }] },
        },
      },
    }),
  ];
}

type Rule = NonNullable<
  NonNullable<
    NonNullable<ValidatingAdmissionPolicy["spec"]>["matchConstraints"]
  >["resourceRules"]
>[number];

function ruleFor(group: string, resources: string[]): Rule {
  return {
    apiGroups: [group],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources,
    scope: "Namespaced",
  };
}
