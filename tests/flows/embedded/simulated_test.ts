import assert from "node:assert/strict";
import { parsePins } from "../../../lib/crds/pins.ts";
import { keyOf, type Manifest, refOf } from "../../../lib/core/object.ts";
import {
  absentControllerOf,
  absentControllers,
  admittedOn,
  outOfReach,
} from "../../../lib/flows/embedded/simulated.ts";
import { operatorNames } from "../../../lib/flows/embedded/operators.ts";

const certManager = "cert-manager.io/v1";
const at = (name: string) => ({ name, namespace: "shop" });
const acme: Manifest = {
  apiVersion: certManager,
  kind: "ClusterIssuer",
  metadata: { name: "public" },
  spec: { acme: { server: "https://acme.example" } },
};
const own: Manifest = {
  apiVersion: certManager,
  kind: "Issuer",
  metadata: at("public"),
  spec: { vault: { path: "pki/sign/shop" } },
};
const certificate = (name: string, issuerRef: Record<string, string>): Manifest => ({
  apiVersion: certManager,
  kind: "Certificate",
  metadata: at(name),
  spec: { secretName: name, issuerRef },
});
const sealed = (name: string, value: string): Manifest => ({
  apiVersion: "bitnami.com/v1alpha1",
  kind: "SealedSecret",
  metadata: at(name),
  spec: { encryptedData: { password: value } },
});

Deno.test("each kind whose definition is pinned has a controller that is said to be absent", async () => {
  const pins = parsePins(
    await Deno.readTextFile(new URL("../../../manifests/crds.yaml", import.meta.url)),
  );
  for (const group of pins.flatMap(({ groups }) => groups)) {
    assert(absentControllerOf(`${group}/v1`) !== undefined, group);
  }
});

Deno.test("no API group has two absent controllers, and built-in ones have none", () => {
  const groups = absentControllers.flatMap(({ groups }) => groups);
  assert.deepEqual(groups, [...new Set(groups)]);
  for (const apiVersion of ["v1", "apps/v1", "admissionregistration.k8s.io/v1"]) {
    assert.equal(absentControllerOf(apiVersion), undefined);
  }
});

Deno.test("an operator that runs is not absent, and the others still are", () => {
  for (const name of operatorNames) {
    const controllers = absentControllers.filter(({ operator }) => operator === name);
    assert.equal(controllers.length, 1, name);
    const apiVersion = `${controllers[0]!.groups[0]}/v1`;
    assert.equal(absentControllerOf(apiVersion, [name]), undefined);
    assert.equal(
      absentControllerOf(apiVersion, operatorNames.filter((each) => each !== name)),
      controllers[0],
    );
  }
});

Deno.test("an issuer that the cert-manager which runs here cannot read stays out of reach", () => {
  const account: Manifest = {
    ...own,
    spec: { vault: { auth: { kubernetes: { serviceAccountRef: { name: "cert-manager" } } } } },
  };
  const database = certificate("database", { kind: "Issuer", name: "public" });
  assert.equal(outOfReach([account, database]).size, 2);
  assert.equal(outOfReach([own, database]).size, 0);
});

Deno.test("what a public authority would sign stays out of reach, and so does what was never sealed", () => {
  const web = certificate("web", { kind: "ClusterIssuer", name: "public" });
  const database = certificate("database", { kind: "Issuer", name: "public" });
  const manifests = [
    acme,
    own,
    web,
    database,
    sealed("old", "AgB="),
    sealed("new", "NOT-SEALED-YET"),
  ];
  assert.deepEqual(
    manifests.filter((manifest) => outOfReach(manifests).has(keyOf(refOf(manifest))))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ["ClusterIssuer public", "Certificate web", "SealedSecret new"],
  );
  const isAdmitted = admittedOn({ embedded: true, operators: operatorNames }, manifests);
  assert.deepEqual(manifests.map((manifest) => isAdmitted(refOf(manifest))), [
    true,
    false,
    true,
    false,
    false,
    true,
  ]);
});

Deno.test("on a cluster of one's own everything is waited for", () => {
  const isAdmitted = admittedOn({ embedded: false, operators: [] }, [acme]);
  assert.equal(isAdmitted(refOf(acme)), false);
});
