import assert from "node:assert/strict";
import { checkPlatform } from "../../lib/platform/check.ts";
import { pathText } from "../../lib/platform/mistake.ts";
import type { AccessMode, Platform } from "../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "./sample_platform.ts";

function mistakesOf(changes: Partial<Platform>): string[] {
  return checkPlatform(samplePlatform(changes)).map(({ path, message }) =>
    `${pathText(path)}: ${message}`
  );
}

function withWorkload(changes: Parameters<typeof sampleWorkload>[0]): Partial<Platform> {
  return { workloads: { web: sampleWorkload(changes) } };
}

Deno.test("checkPlatform() finds nothing in a platform whose parts fit", () => {
  assert.deepEqual(mistakesOf(withWorkload({})), []);
});

Deno.test("checkPlatform() refuses a namespace that nobody declares", () => {
  assert.deepEqual(mistakesOf(withWorkload({ namespace: "shpo" })), [
    "workloads.web.namespace: no namespace is called shpo, expected one of shop",
  ]);
});

Deno.test("checkPlatform() refuses secrets, keys and pull secrets that nobody declares", () => {
  const store = {
    scope: "namespace" as const,
    namespace: "shop",
    vault: {
      server: "http://vault:8200",
      path: "secret",
      version: "v2" as const,
      authMountPath: "kubernetes",
      role: "web",
      serviceAccount: "web",
    },
  };
  const secret = { namespace: "shop", store: "vault", from: "shop/db", refreshInterval: "1h" };
  assert.deepEqual(
    mistakesOf({
      ...withWorkload({
        imagePullSecrets: ["database"],
        envFromSecrets: ["databse"],
        env: { PASSWORD: { secret: "database", key: "pasword" } },
        mounts: { "/tls": { secret: "database", items: { ca: "ca.crt" } } },
      }),
      secretStores: { vault: store },
      externalSecrets: { database: { ...secret, keys: ["password"] } },
    }),
    [
      "workloads.web.imagePullSecrets[0]: no pull secret in namespace shop is called database, expected that one is declared",
      "workloads.web.envFromSecrets[0]: no secret in namespace shop is called databse, expected one of database; did you mean database?",
      "workloads.web.env.PASSWORD.key: no key of secret database is called pasword, expected one of password; did you mean password?",
      'workloads.web.mounts["/tls"].items.ca: no key of secret database is called ca, expected one of password',
    ],
  );
});

Deno.test("checkPlatform() refuses a fixed number of pods beside an autoscaler", () => {
  const autoscaling = { minReplicas: 3, maxReplicas: 10, cpuUtilizationPercent: 80 };
  const [mistake, ...others] = mistakesOf(withWorkload({ replicas: 3, autoscaling }));
  assert.match(mistake!, /^workloads\.web\.replicas: both replicas and autoscaling given/);
  assert.deepEqual(others, []);
});

Deno.test("checkPlatform() refuses limits below requests, whatever their units", () => {
  const resources = {
    requests: { cpu: "1", memory: "1Gi" },
    limits: { cpu: "999m", memory: "1024Mi" },
  };
  assert.deepEqual(mistakesOf(withWorkload({ resources })), [
    "workloads.web.resources.limits.cpu: 999m is below the request, expected at least 1",
  ]);
});

Deno.test("checkPlatform() refuses a budget that lets all pods go, and a rollout that cannot move", () => {
  assert.deepEqual(
    mistakesOf(withWorkload({
      replicas: 2,
      disruptionBudget: { maxUnavailable: 2 },
      rollout: { maxUnavailable: 0, maxSurge: 0 },
    })),
    [
      "workloads.web.rollout: no pod may be missing and none may be added, expected one of both above 0",
      "workloads.web.disruptionBudget.maxUnavailable: all 2 pods may be missing at once, expected less than 2",
    ],
  );
});

function shared(
  { replicas, modes, classModes, readOnly }: {
    replicas: number;
    modes: AccessMode[];
    classModes: AccessMode[];
    readOnly?: boolean;
  },
): string[] {
  return mistakesOf({
    ...withWorkload({ replicas, mounts: { "/data": { claim: "data", readOnly } } }),
    storageClasses: {
      disk: {
        provisioner: "rancher.io/local-path",
        accessModes: classModes,
        reclaimPolicy: "Delete",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    },
    volumes: { data: { namespace: "shop", storageClass: "disk", accessModes: modes, size: "1Gi" } },
  });
}

Deno.test("checkPlatform() refuses a ReadWriteOnce volume that several pods share", () => {
  assert.deepEqual(
    shared({ replicas: 3, modes: ["ReadWriteOnce"], classModes: ["ReadWriteOnce"] }),
    [
      "volumes.data.accessModes: ReadWriteOnce, but up to 3 pods of web on different nodes share this volume, expected ReadWriteMany and a storage class that can give it",
    ],
  );
  assert.deepEqual(
    shared({ replicas: 1, modes: ["ReadWriteOnce"], classModes: ["ReadWriteOnce"] }),
    [],
  );
});

Deno.test("checkPlatform() refuses an access mode that the storage class cannot give", () => {
  assert.deepEqual(
    shared({ replicas: 3, modes: ["ReadWriteMany"], classModes: ["ReadWriteOnce"] }),
    [
      "volumes.data.accessModes[0]: storage class disk cannot give ReadWriteMany, expected ReadWriteOnce, or a class that can",
    ],
  );
});

Deno.test("checkPlatform() lets pods share a ReadOnlyMany volume only for reading", () => {
  const modes: AccessMode[] = ["ReadOnlyMany"];
  assert.deepEqual(shared({ replicas: 3, modes, classModes: modes, readOnly: true }), []);
  assert.equal(shared({ replicas: 3, modes, classModes: modes }).length, 1);
});

const routed: Partial<Platform> = {
  ...withWorkload({}),
  ingress: { controller: "traefik", className: "traefik", peer: "traefik" },
  peers: { traefik: { namespace: "kube-system" } },
  namespaces: { shop: { podSecurity: "restricted" }, "kube-system": { existing: true } },
  issuers: {
    le: { server: "https://acme.example/directory", email: "a@example.org", challenge: "http01" },
  },
  certificates: { "web-tls": { namespace: "shop", hosts: ["www.example.org"], issuer: "le" } },
  middlewares: { limit: { rateLimit: { average: 1, period: "1s", burst: 1 } } },
  tlsOptions: { modern: { minVersion: "VersionTLS12" } },
  routes: {
    web: {
      namespace: "shop",
      hosts: ["www.example.org"],
      service: "web",
      port: 80,
      priority: 100,
      middlewares: ["limit"],
      certificate: "web-tls",
      tlsOptions: "modern",
    },
  },
};

function withRoute(changes: Partial<Platform["routes"][string]>): Partial<Platform> {
  return { ...routed, routes: { web: { ...routed.routes!["web"]!, ...changes } } };
}

Deno.test("checkPlatform() accepts a route to a declared service with a certificate for its host", () => {
  assert.deepEqual(mistakesOf(routed), []);
});

Deno.test("checkPlatform() refuses routes to services, ports, middlewares and certificates that are not there", () => {
  assert.deepEqual(mistakesOf(withRoute({ service: "wbe1" })), [
    "routes.web.service: no service here is called wbe1, expected one of web",
  ]);
  assert.deepEqual(mistakesOf(withRoute({ port: 8080 })), [
    "routes.web.port: service web has no port 8080, expected 80",
  ]);
  assert.deepEqual(mistakesOf(withRoute({ middlewares: ["limt"] })), [
    "routes.web.middlewares[0]: no middleware is called limt, expected one of limit; did you mean limit?",
  ]);
  assert.deepEqual(mistakesOf(withRoute({ hosts: ["api.example.org"] })), [
    "routes.web.hosts[0]: certificate web-tls is not for api.example.org, expected one of www.example.org",
  ]);
  assert.deepEqual(mistakesOf(withRoute({ certificate: "other" })), [
    "routes.web.certificate: no certificate in namespace shop is called other, expected one of web-tls",
  ]);
});

Deno.test("checkPlatform() refuses hosts outside of the platform's domain", () => {
  const mistakes = mistakesOf({ ...routed, domain: "example.com" });
  assert.equal(mistakes.length, 2);
  assert.match(mistakes[0]!, /expected example\.com or a name below it$/);
});

Deno.test("checkPlatform() refuses a route whose requests a network policy would drop", () => {
  const denying: Partial<Platform> = {
    ...routed,
    namespaces: { ...routed.namespaces, shop: { podSecurity: "restricted", defaultDeny: true } },
  };
  assert.deepEqual(mistakesOf(denying), [
    "routes.web.service: namespace shop denies what no flow allows, expected a flow from traefik to web",
  ]);
  const flows = [{ from: "traefik", to: "web", ports: [8080] }];
  assert.deepEqual(mistakesOf({ ...denying, flows }), []);
});

Deno.test("checkPlatform() refuses flows whose ends nobody declares, or two things share", () => {
  assert.deepEqual(
    mistakesOf({ ...withWorkload({}), flows: [{ from: "web", to: "wbe2", ports: [1] }] }),
    [
      "flows[0].to: no workload or peer is called wbe2, expected one of web",
    ],
  );
  const [mistake] = mistakesOf({ ...withWorkload({}), peers: { web: { cidrs: ["10.0.0.0/8"] } } });
  assert.match(mistake!, /^peers\.web: another end of flows is called web/);
});

Deno.test("checkPlatform() refuses to wait for a port that a service does not have", () => {
  const externalServices = {
    postgres: { namespace: "shop", addresses: ["10.0.0.1"], ports: { postgres: 5432 } },
  };
  const waitFor = { image: "docker.io/library/busybox:1", services: { postgres: 5433 } };
  assert.deepEqual(mistakesOf({ ...withWorkload({ waitFor }), externalServices }), [
    "workloads.web.waitFor.services.postgres: service postgres has no port 5433, expected 5432",
  ]);
});
