import type { Manifest } from "../../lib/core/object.ts";
import { fieldManager, inventoryLabel, managedByLabel } from "../../lib/core/labels.ts";

/** How many of the 500 objects are of which kind: about what a handful of platforms has. */
const mix: readonly [
  kind: string,
  count: number,
  make: (name: string) => Record<string, unknown>,
][] = [
  ["ConfigMap", 170, (name) => ({ apiVersion: "v1", data: { key: name, text: "x".repeat(400) } })],
  ["Secret", 80, (name) => ({ apiVersion: "v1", type: "Opaque", data: { key: btoa(name) } })],
  ["Service", 50, service],
  ["ServiceAccount", 50, () => ({ apiVersion: "v1" })],
  ["Role", 40, () => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }],
  })],
  ["RoleBinding", 40, (name) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
  })],
  ["Deployment", 40, deployment],
  ["NetworkPolicy", 29, () => ({
    apiVersion: "networking.k8s.io/v1",
    spec: { podSelector: {}, policyTypes: ["Ingress"] },
  })],
];

/** A namespace and 499 objects in it, labelled as the inventory `id` wants them. */
export function mixedObjects(namespace: string, id: string): Manifest[] {
  const labels = { [managedByLabel]: fieldManager, [inventoryLabel]: id };
  const objects = mix.flatMap(([kind, count, make]) =>
    Array.from({ length: count }, (_, index) => {
      const name = `object-${index}`;
      const { apiVersion, ...fields } = make(name);
      return {
        apiVersion: String(apiVersion),
        kind,
        metadata: { name, namespace, labels },
        ...fields,
      };
    })
  );
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
    ...objects,
  ];
}

function service(name: string): Record<string, unknown> {
  return {
    apiVersion: "v1",
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
}

/** Without replicas: what a controller does meanwhile would blur the comparison of the tools. */
function deployment(name: string): Record<string, unknown> {
  return {
    apiVersion: "apps/v1",
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{
            name: "web",
            image: "example.org/web:1",
            ports: [{ containerPort: 8080 }],
            resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
            readinessProbe: { httpGet: { path: "/", port: 8080 } },
          }],
        },
      },
    },
  };
}
