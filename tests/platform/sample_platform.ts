import type { Platform, Workload } from "../../lib/platform/types.ts";

/** A workload that has only what every workload needs. */
export function sampleWorkload(changes: Partial<Workload> = {}): Workload {
  return {
    namespace: "shop",
    image: "ghcr.io/example/web:1.0.0",
    serviceAccount: "web",
    resources: {
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { cpu: "200m", memory: "128Mi" },
    },
    ports: { http: 8080 },
    services: { web: { ports: { http: 80 } } },
    probes: { liveness: { path: "/live" }, readiness: { path: "/ready" } },
    rollout: { maxUnavailable: 1, maxSurge: 0 },
    runAs: { user: 1000, group: 1000 },
    ...changes,
  };
}

/** A platform with one namespace and nothing in it. */
export function samplePlatform(changes: Partial<Platform> = {}): Platform {
  return {
    name: "demo",
    environment: "test",
    domain: "example.org",
    shared: [],
    namespaces: { shop: { podSecurity: "restricted" } },
    workloads: {},
    configMaps: {},
    cronJobs: {},
    identityProviders: {},
    mail: {},
    vaults: {},
    routes: {},
    middlewares: {},
    tlsOptions: {},
    issuers: {},
    certificates: {},
    gateways: {},
    tenants: {},
    oauth2Proxies: {},
    haproxy: {},
    secretStores: {},
    externalSecrets: {},
    sealedSecrets: {},
    externalServices: {},
    storageClasses: {},
    postgres: {},
    mongodb: {},
    redis: {},
    valkey: {},
    minio: {},
    volumes: {},
    peers: {},
    groups: {},
    zones: {},
    flows: [],
    access: {},
    projects: {},
    applications: {},
    charts: {},
    replacements: {},
    nodes: {},
    silenced: [],
    ...changes,
  };
}
