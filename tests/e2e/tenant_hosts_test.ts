import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Manifest } from "../../lib/core/object.ts";
import { adminWrites, parseAudit, requestText } from "./audit.ts";
import { type Ground, withGround } from "./ground.ts";
import { writeTenant } from "./tenant_platform.ts";
import { summaryOf } from "./task.ts";

Deno.test("tenants of one gateway neither touch nor take what is another's", async (t) => {
  await withGround(async (ground) => {
    await bootstrap(ground, "acme");

    await t.step(
      "onboarding a second tenant writes no object of the first, nor of both",
      async () => {
        const before = (await auditLog(ground)).length;
        await bootstrap(ground, "myclient");
        const written = adminWrites((await auditLog(ground)).slice(before)).map(requestText);
        const foreign = written.filter((request) => !request.includes("myclient"));
        assert.ok(
          written.includes("patch listenersets myclient-prod/myclient"),
          written.join("\n"),
        );
        assert.deepEqual(foreign, []);
      },
    );

    await t.step(
      "an object that names its own tenant's hosts is admitted",
      () =>
        ground.asAdmin(async (client) => {
          for (const manifest of naming("acme-prod", ["shop.acme.com", "*.acme.com", "acme.com"])) {
            await client.apply(manifest, { dryRun: true });
          }
        }),
    );

    for (
      const [what, hosts] of [
        ["another tenant's host", ["api.myclient.com"]],
        ["its own and another tenant's host", ["api.acme.com", "api.myclient.com"]],
        ["a wildcard of another tenant", ["*.myclient.com"]],
        ["a domain that only ends alike", ["evilacme.com"]],
        ["all of a top-level domain", ["*.com"]],
        ["the gateway's own domain", ["gateway.example.org"]],
      ] as const
    ) {
      await t.step(
        `an object that names ${what} is refused`,
        () =>
          ground.asAdmin(async (client) => {
            for (const manifest of naming("acme-prod", hosts)) {
              await assertRefused(client, manifest);
            }
          }),
      );
    }

    await t.step(
      "an object that names no host, and so would take all, is refused",
      () =>
        ground.asAdmin(async (client) => {
          for (const manifest of takingAll("acme-prod")) await assertRefused(client, manifest);
        }),
    );

    await t.step(
      "a live object cannot be turned to another tenant's host",
      () =>
        ground.asAdmin(async (client) => {
          const route = {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "HTTPRoute",
            namespace: "acme-prod",
            name: "api",
          };
          await assert.rejects(
            client.patch(route, { spec: { hostnames: ["api.myclient.com"] } }),
            /must be acme\.com or a name below it/,
          );
        }),
    );

    await t.step(
      "a namespace without a domain is bound to none",
      () =>
        ground.asAdmin(async (client) => {
          for (const manifest of naming("gateway-system", ["gateway.example.org"])) {
            await client.apply(manifest, { dryRun: true });
          }
        }),
    );
  });
});

async function bootstrap(ground: Ground, tenant: string): Promise<void> {
  const file = await writeTenant(ground.stateHome, tenant);
  const outcome = await ground.run(["bootstrap", "--platform", file, "--json"]);
  assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout.slice(-2_000));
  assert.equal(summaryOf(outcome)["failed"], 0);
}

async function auditLog({ folderOf }: Ground) {
  return parseAudit(await Deno.readTextFile(`${folderOf()}/logs/audit.log`));
}

async function assertRefused(client: ClusterClient, manifest: Manifest): Promise<void> {
  await assert.rejects(
    client.apply(manifest, { dryRun: true }),
    /must be acme\.com or a name below it, the domain of namespace acme-prod/,
    `${manifest.kind} ${manifest.metadata.name} was admitted`,
  );
}

const gatewayApi = "gateway.networking.k8s.io/v1";
const backendRefs = [{ name: "api", port: 7500 }];
const parentRef = { name: "shared-gateway", namespace: "gateway-system" };

/** An object of each kind by which hosts can be taken. */
function naming(namespace: string, hosts: readonly string[]): Manifest[] {
  const metadata = { name: "taker", namespace };
  const hostnames = [...hosts];
  const issuerRef = { kind: "ClusterIssuer", name: "letsencrypt" };
  const secretName = "taker";
  const http = {
    paths: [{
      path: "/",
      pathType: "Prefix",
      backend: { service: { name: "api", port: { number: 7500 } } },
    }],
  };
  return [
    { apiVersion: gatewayApi, kind: "HTTPRoute", metadata, spec: { hostnames } },
    {
      apiVersion: gatewayApi,
      kind: "TLSRoute",
      metadata,
      spec: { hostnames, rules: [{ backendRefs }] },
    },
    {
      apiVersion: gatewayApi,
      kind: "ListenerSet",
      metadata,
      spec: {
        parentRef,
        listeners: hosts.map((hostname, index) => ({
          name: `host-${index}`,
          hostname,
          port: 443,
          protocol: "HTTPS",
          tls: { certificateRefs: [{ name: "taker" }] },
        })),
      },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { rules: hosts.map((host) => ({ host, http })) },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { rules: [{ host: "acme.com", http }], tls: [{ hosts: hostnames }] },
    },
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata,
      spec: { secretName, issuerRef, dnsNames: hostnames },
    },
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata,
      spec: { secretName, issuerRef, dnsNames: ["acme.com"], commonName: hostnames.at(-1) },
    },
  ].filter(({ kind, spec }) =>
    // What is meant for one namespace is no Ingress of another.
    namespace === "acme-prod" || (kind !== "Ingress" && !("commonName" in spec))
  ) as Manifest[];
}

/** Objects that would answer for all hosts. */
function takingAll(namespace: string): Manifest[] {
  const metadata = { name: "taker", namespace };
  const service = { name: "api", port: { number: 7500 } };
  return [
    {
      apiVersion: gatewayApi,
      kind: "HTTPRoute",
      metadata,
      spec: { parentRefs: [parentRef], rules: [{ backendRefs }] },
    },
    {
      apiVersion: gatewayApi,
      kind: "ListenerSet",
      metadata,
      spec: { parentRef, listeners: [{ name: "all", port: 80, protocol: "HTTP" }] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { defaultBackend: { service } },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: {
        rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
      },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        ...metadata,
        annotations: { "nginx.ingress.kubernetes.io/server-alias": "api.myclient.com" },
      },
      spec: {
        rules: [{
          host: "acme.com",
          http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] },
        }],
      },
    },
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata,
      spec: {
        secretName: "taker",
        issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
        literalSubject: "CN=api.myclient.com",
        dnsNames: ["acme.com"],
      },
    },
  ];
}
