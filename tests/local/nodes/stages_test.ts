import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { podStages } from "../../../lib/local/nodes/pod_stages.ts";
import { kwokArguments, kwokConfig } from "../../../lib/local/nodes/stages.ts";

interface Document {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: { resourceRef: { kind: string }; steps: { patch?: { template: string } }[] };
}

const documents = parseAllDocuments(kwokConfig()).map((each) => each.toJS() as Document);

Deno.test("kwokConfig() is a stream of stages for nodes and pods, each with a name of its own", () => {
  assert.ok(documents.every(({ kind }) => kind === "Stage"));
  assert.ok(documents.every(({ apiVersion }) => apiVersion === "kwok.x-k8s.io/v1alpha1"));
  const kinds = new Set(documents.map(({ spec }) => spec.resourceRef.kind));
  assert.deepEqual(kinds, new Set(["Node", "Pod"]));
  assert.equal(new Set(documents.map(({ metadata }) => metadata.name)).size, documents.length);
});

Deno.test("each patch of a pod names the version it is made for, so that it cannot reach the pod's successor", () => {
  const templates = documents.filter(({ spec }) => spec.resourceRef.kind === "Pod")
    .flatMap(({ spec }) => spec.steps)
    .flatMap(({ patch }) => patch?.template ?? []);
  assert.ok(templates.length >= 8);
  for (const template of templates) {
    assert.match(
      template,
      /^ {2}resourceVersion: \{\{ \.metadata\.resourceVersion \| Quote \}\}$/m,
    );
  }
});

Deno.test("no stage starts a pod that the node agent has not released", () => {
  for (const name of ["pod-initialise", "pod-run"]) {
    const stage = podStages.find(({ metadata }) => metadata.name === name);
    const selector = JSON.stringify(stage?.spec["selector"]);
    assert.match(selector, /PodReadyToStartContainers/);
  }
});

Deno.test("kwok is told to manage simulated nodes only, and to hold no leases", () => {
  const args = kwokArguments({ kubeconfig: "/run/kwok.yaml", config: "/run/stages.yaml" });
  assert.ok(args.includes("--manage-all-nodes=false"));
  assert.ok(args.includes("--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"));
  assert.ok(args.includes("--node-lease-duration-seconds=0"));
  assert.ok(args.includes("--kubeconfig=/run/kwok.yaml"));
  assert.ok(args.includes("--config=/run/stages.yaml"));
});
