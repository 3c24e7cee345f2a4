import assert from "node:assert/strict";
import type { Mongodb } from "../../../lib/platform/types.ts";
import { mongodb } from "../../../manifests/components/data/mongodb.ts";
import { objectsOf } from "../../../manifests/components/data/parts.ts";
import { sampleMongodb } from "../../platform/sample_data.ts";
import { find } from "../find.ts";

const render = (changes: Partial<Mongodb> = {}) =>
  objectsOf(mongodb("mongodb", sampleMongodb(changes)));
const podOf = (changes: Partial<Mongodb> = {}) =>
  find(render(changes), "StatefulSet", "shop/mongodb").spec.template.spec;

Deno.test("mongodb() is reached by its client Service, its members by names of their own", () => {
  const manifests = render();
  assert.equal(find(manifests, "Service", "shop/mongodb-client").spec.ports[0].port, 27_017);
  const headless = find(manifests, "Service", "shop/mongodb-headless").spec;
  assert.equal(headless.clusterIP, "None");
  // A set is founded by members that are not ready yet.
  assert.equal(headless.publishNotReadyAddresses, true);
  const settings = JSON.parse(
    find(manifests, "ConfigMap", "shop/mongodb-members").data["members.json"],
  );
  assert.deepEqual(settings.hosts, [
    "mongodb-0.mongodb-headless.shop.svc.cluster.local:27017",
    "mongodb-1.mongodb-headless.shop.svc.cluster.local:27017",
    "mongodb-2.mongodb-headless.shop.svc.cluster.local:27017",
  ]);
});

Deno.test("mongodb() copies the key to where only its own user can read it", () => {
  const { initContainers, containers, volumes } = podOf();
  const [copy] = initContainers;
  assert.match(copy.command[2], /^umask 077 && /);
  const key = containers[0].args[containers[0].args.indexOf("--keyFile") + 1];
  const mount = containers[0].volumeMounts
    .find(({ mountPath }: { mountPath: string }) => key.startsWith(mountPath));
  const volume = volumes.find(({ name }: { name: string }) => name === mount.name);
  assert.deepEqual(Object.keys(volume), ["name", "emptyDir"]);
  assert.ok(copy.volumeMounts.some(({ name }: { name: string }) => name === mount.name));
});

Deno.test("mongodb() keeps members apart, and lets one at a time be missing", () => {
  assert.ok(podOf().affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution);
  const budget = find(render(), "PodDisruptionBudget", "shop/mongodb").spec;
  assert.equal(budget.maxUnavailable, 1);
});

Deno.test("mongodb() has roles of other databases where they belong, and passwords in no ConfigMap", () => {
  const users = {
    metrics: {
      database: "admin",
      roles: ["clusterMonitor", "read@local"],
      passwordKey: "password",
    },
  };
  const { data } = find(render({ users }), "ConfigMap", "shop/mongodb-members");
  assert.deepEqual(JSON.parse(data["members.json"]).users, [{
    user: "metrics",
    database: "admin",
    roles: [{ role: "clusterMonitor", db: "admin" }, { role: "read", db: "local" }],
  }]);
  const sidecar = podOf({ users }).containers
    .find(({ name }: { name: string }) => name === "members");
  const password = sidecar.env.find(({ name }: { name: string }) => name === "USER_PASSWORD_0");
  assert.deepEqual(password.valueFrom.secretKeyRef, { name: "mongo", key: "password" });
});

Deno.test("mongodb() takes a member for ready only when it is primary or secondary", () => {
  const { readinessProbe } = podOf().containers[0];
  const expression: string = readinessProbe.exec.command.at(-1);
  const exitCode = (hello: object) => {
    let code: number | undefined;
    new Function("db", "quit", expression)({ hello: () => hello }, (given: number) => code = given);
    return code;
  };
  assert.equal(exitCode({ isWritablePrimary: true }), 0);
  assert.equal(exitCode({ secondary: true }), 0);
  assert.equal(exitCode({ isWritablePrimary: false, secondary: false }), 1);
});
