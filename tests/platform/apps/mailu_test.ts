import assert from "node:assert/strict";
import { mailuParts } from "../../../lib/platform/apps/mailu.ts";
import { sampleMail } from "./sample_apps.ts";

const { workloads, configMaps } = mailuParts("mail", sampleMail());
const environment = configMaps["mail-environment"]!.data;

Deno.test("each part of Mailu is one pod, whose files are its own and last", () => {
  assert.deepEqual(Object.keys(workloads), [
    "mail-front",
    "mail-admin",
    "mail-smtp",
    "mail-imap",
    "mail-antispam",
    "mail-webmail",
    "mail-redis",
  ]);
  for (const [name, { kind, replicas, volumeClaims }] of Object.entries(workloads)) {
    assert.equal(replicas, 1, name);
    assert.equal(kind, name === "mail-front" ? "Deployment" : "StatefulSet", name);
    assert.equal(volumeClaims === undefined, name === "mail-front", name);
  }
  assert.equal(workloads["mail-imap"]!.volumeClaims!["data"]!.size, "50Gi");
});

Deno.test("each address that the parts are told is a Service that one of them has", () => {
  const services = Object.values(workloads).flatMap(({ services }) => Object.keys(services));
  const addresses = Object.entries(environment).filter(([name]) => name.endsWith("_ADDRESS"));
  assert.equal(addresses.length, 7);
  for (const [name, address] of addresses) {
    assert.match(address, /\.shop\.svc\.cluster\.local$/);
    assert(services.includes(address.split(".")[0]!), `${name}: ${address}`);
  }
});

Deno.test("only the mail ports are open to the world, with the addresses of those who come", () => {
  const open = Object.values(workloads).flatMap(({ services }) =>
    Object.values(services).filter(({ type }) => type !== undefined)
  );
  assert.equal(open.length, 1);
  assert.equal(open[0]!.type, "LoadBalancer");
  assert.equal(open[0]!.externalTrafficPolicy, "Local");
  assert.deepEqual(open[0]!.ports, {
    smtp: 25,
    smtps: 465,
    submission: 587,
    imap: 143,
    imaps: 993,
    sieve: 4190,
  });
});

Deno.test("Mailu's images may be root, with a reason, and its cache may not", () => {
  for (const [name, workload] of Object.entries(workloads)) {
    if (name === "mail-redis") {
      assert(workload.runAs!.user > 0);
      assert.equal(workload.writableRoot, undefined);
      continue;
    }
    for (const exception of [workload.runAs, workload.writableRoot, workload.capabilities]) {
      assert.match(exception!.because!, /Mailu's images start as root/, name);
    }
    assert.equal(workload.privileged, undefined);
  }
});

Deno.test("the certificate of the mail ports is the one of the platform, under Mailu's names", () => {
  assert.deepEqual(workloads["mail-front"]!.mounts!["/certs"], {
    secret: "mail-tls",
    items: { "tls.crt": "cert.pem", "tls.key": "key.pem" },
  });
  assert.equal(environment["TLS_FLAVOR"], "mail");
});

Deno.test("secrets of Mailu are references, the administrator's for the part that makes him", () => {
  const text = JSON.stringify(environment);
  assert.doesNotMatch(text, /SECRET_KEY|INITIAL_ADMIN_PW/);
  assert.deepEqual(workloads["mail-admin"]!.env!["INITIAL_ADMIN_PW"], {
    secret: "mailu",
    key: "admin-password",
  });
  assert.equal("INITIAL_ADMIN_PW" in workloads["mail-smtp"]!.env!, false);
  const without = mailuParts("mail", sampleMail({ secret: { name: "mailu" } }));
  assert.equal("INITIAL_ADMIN_ACCOUNT" in without.configMaps["mail-environment"]!.data, false);
});

Deno.test("sizes, limits and reports of Mailu are those of the platform file", () => {
  const { configMaps, workloads } = mailuParts(
    "mail",
    sampleMail({
      messageSizeMegabytes: 10,
      podRange: "10.0.0.0/8",
      dmarc: { policy: "none", reports: "reports@example.org" },
      storage: { storageClass: "disk", mailboxes: "9Gi", queue: "3Gi" },
    }),
  );
  const { data } = configMaps["mail-environment"]!;
  assert.equal(data["MESSAGE_SIZE_LIMIT"], "10485760");
  assert.equal(data["SUBNET"], "10.0.0.0/8");
  assert.equal(data["DMARC_RUA"], "reports");
  assert.equal(workloads["mail-smtp"]!.volumeClaims!["data"]!.size, "3Gi");
});
