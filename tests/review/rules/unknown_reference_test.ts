import assert from "node:assert/strict";
import { unknownReference } from "../../../lib/review/rules/unknown_reference.ts";
import { claim, complaints, object, workload } from "../sample_objects.ts";

const account = object("ServiceAccount", "web", undefined);

Deno.test("accounts, ConfigMaps, claims and governing Services that pods name must be there", () => {
  const web = workload("web", {
    spec: { serviceName: "web-headless" },
    pod: {
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "data" } },
        { name: "config", configMap: { name: "config" } },
        { name: "ca", configMap: { name: "kube-root-ca.crt" } },
        { name: "maybe", configMap: { name: "maybe", optional: true } },
      ],
    },
  }, "StatefulSet");
  assert.deepEqual(
    complaints(unknownReference, [web]).map((text) => /refers to (\S+ \S+),/.exec(text)?.[1]),
    [
      "ServiceAccount web",
      "Service web-headless",
      "ConfigMap config",
      "PersistentVolumeClaim data",
    ],
  );
  const all = [
    account,
    object("Service", "web-headless", {}),
    object("ConfigMap", "config", undefined),
    claim("data"),
  ];
  assert.deepEqual(complaints(unknownReference, [web, ...all]), []);
});
