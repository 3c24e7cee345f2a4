import assert from "node:assert/strict";
import type { ManagedFieldsEntry, Manifest } from "../../lib/core/object.ts";
import { chooseDefinitions, definitionsUsedBy } from "../../lib/flows/definitions.ts";

const definition = (name: string, ...managers: ManagedFieldsEntry[]): Manifest => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name, ...(managers.length === 0 ? {} : { managedFields: managers }) },
});

const server: ManagedFieldsEntry = {
  manager: "kube-apiserver",
  operation: "Update",
  subresource: "status",
};

Deno.test("chooseDefinitions() takes those that are missing and those that are ours already", () => {
  const wanted = [definition("a"), definition("b")];
  const live = [definition("b", server, { manager: "slipway", operation: "Apply" })];
  assert.deepEqual(chooseDefinitions(wanted, live), { ours: wanted, foreign: [] });
});

Deno.test("chooseDefinitions() leaves alone what somebody else brought, and names them", () => {
  const wanted = [definition("a"), definition("b")];
  const live = [definition("b", server, { manager: "helm", operation: "Update" })];
  assert.deepEqual(chooseDefinitions(wanted, live), {
    ours: [wanted[0]],
    foreign: [{ name: "b", manager: "helm" }],
  });
});

Deno.test("definitionsUsedBy() leaves out definitions of kinds that nobody renders", () => {
  const kindOf = (group: string, kind: string): Manifest => ({
    ...definition(kind),
    spec: { group, names: { kind } },
  });
  const route = kindOf("example.org", "Route");
  const all = [route, kindOf("example.org", "Gate"), kindOf("other.org", "Route")];
  const rendered: Manifest = {
    apiVersion: "example.org/v1",
    kind: "Route",
    metadata: { name: "web" },
  };
  assert.deepEqual(definitionsUsedBy([rendered], all), [route]);
});
