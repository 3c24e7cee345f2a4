import assert from "node:assert/strict";
import { appObjects } from "../../../manifests/components/apps/sections.ts";
import { render } from "../../../manifests/components/render.ts";
import { around, sampleIdentityProvider, sampleMail } from "../../platform/apps/sample_apps.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

const apps = {
  identityProviders: { auth: sampleIdentityProvider() },
  mail: { mail: sampleMail() },
};

Deno.test("ready-made programs become the objects of their workloads", () => {
  const manifests = appObjects(samplePlatform(apps));
  assert.deepEqual(namesOf(manifests, "Deployment"), [
    "shop/auth-server",
    "shop/auth-worker",
    "shop/mail-front",
  ]);
  assert.equal(namesOf(manifests, "StatefulSet").length, 6);
  assert.deepEqual(namesOf(manifests, "ConfigMap"), [
    "shop/auth-blueprints",
    "shop/mail-environment",
  ]);
  const { spec } = find(manifests, "StatefulSet", "shop/mail-imap");
  assert.equal(spec.template.spec.securityContext.runAsUser, 0);
  assert.equal(spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation, false);
});

Deno.test("parts of a mail server may call each other where nothing else is allowed, and only there", () => {
  const namespaces = { shop: { podSecurity: "baseline" as const, defaultDeny: true } };
  const denying = appObjects(samplePlatform({ ...apps, namespaces }));
  const { spec } = find(denying, "NetworkPolicy", "shop/mail-among-parts");
  const parts = {
    matchLabels: { "app.kubernetes.io/name": "mailu", "app.kubernetes.io/instance": "mail" },
  };
  assert.deepEqual(spec.podSelector, parts);
  assert.deepEqual(spec.ingress, [{ from: [{ podSelector: parts }] }]);
  assert.deepEqual(spec.egress, [{ to: [{ podSelector: parts }] }]);
  assert.deepEqual(namesOf(appObjects(samplePlatform(apps)), "NetworkPolicy"), []);
});

Deno.test("another client of an identity provider starts its worker anew, which applies blueprints", () => {
  const checksumOf = (clients: ReturnType<typeof sampleIdentityProvider>["clients"]) =>
    find(
      render(samplePlatform({
        ...around,
        identityProviders: { auth: sampleIdentityProvider({ clients }) },
      })),
      "Deployment",
      "shop/auth-worker",
    ).spec.template.metadata.annotations["slipway.dev/config-checksum"];
  assert.notEqual(
    checksumOf({}),
    checksumOf({ wiki: { redirectUris: ["https://wiki.example.org/callback"] } }),
  );
});
