import { loadPlatform } from "../../../lib/platform/load.ts";
import type { Ingress, Platform } from "../../../lib/platform/types.ts";

/** A platform with one of each thing that a route can have, for one ingress controller or another. */
export function sampleEdges(controller: Ingress["controller"]): Platform {
  return loadPlatform(sampleEdgesFile(controller), { file: "edges.yaml" });
}

/** The file of {@linkcode sampleEdges}. */
export function sampleEdgesFile(controller: Ingress["controller"]): string {
  return text.replace("CONTROLLER", controller);
}

const workload = ([name, port]: (string | number)[]) => `
  ${name}:
    namespace: shop
    image: ghcr.io/example/web:1.0.0
    resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 128Mi } }
    ports: { http: 8080 }
    services: { ${name}: { ports: { http: ${port} } } }
    probes: { liveness: { path: /live }, readiness: { path: /ready } }`;

const text = `
name: demo
domain: example.org
environments: { test: {} }
namespaces:
  edge: { podSecurity: restricted }
  shop: { podSecurity: restricted }
  cert-manager: { existing: true }

ingress: { controller: CONTROLLER, namespace: edge }

workloads:
${[["web", 80], ["api", 7500], ["files", 9000], ["dashboard", 3000]].map(workload).join("")}
routes:
  web:
    namespace: shop
    hosts: [example.org, www.example.org]
    service: web
    port: 80
    paths:
      - { path: /api, service: api, port: 7500 }
      - { path: /files/v1, service: files, port: 9000, stripPrefix: true }
    priority: 100
    middlewares: [limit, security, origins, small]
    certificate: shop-tls
    tlsOptions: modern
  live:
    namespace: shop
    hosts: [live.example.org]
    service: api
    port: 7500
    websocket: true
    certificate: shop-tls
  admin:
    namespace: shop
    hosts: [admin.example.org]
    service: dashboard
    port: 3000
    middlewares: [origins]
    authentication: gate
    certificate: shop-tls
  raw:
    namespace: shop
    hosts: [raw.example.org]
    service: web
    port: 80
    tlsPassthrough: true

middlewares:
  limit: { rateLimit: { average: 200, period: 1m, burst: 300 } }
  security:
    headers:
      hstsSeconds: 31536000
      hstsIncludeSubdomains: true
      frameDeny: true
      contentTypeNosniff: true
      browserXssFilter: true
      referrerPolicy: no-referrer
  origins:
    cors:
      origins: ["https://example.org"]
      methods: [GET, POST]
      headers: [Authorization]
      credentials: true
      maxAgeSeconds: 600
  small: { bodyLimit: { size: 5Mi } }

tlsOptions:
  modern:
    minVersion: VersionTLS12
    cipherSuites:
      - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
      - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256

issuers:
  letsencrypt:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: ops@example.org
    challenge: http01
  wildcards:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: ops@example.org
    challenge: { dns01: { cloudflare: { zones: [example.org], tokenSecret: { name: cloudflare, key: token } } } }
  root: { selfSigned: true }
  own: { namespace: shop, ca: { secret: root-ca } }
  pki:
    vault:
      server: https://vault.vault.svc:8200
      path: pki/sign/backend
      role: cert-manager
      serviceAccount: cert-manager

certificates:
  shop-tls: { namespace: shop, hosts: [example.org, "*.example.org"], issuer: wildcards, renewBeforeDays: 30 }
  root-ca: { namespace: shop, hosts: [root.example.org], issuer: root, isCa: true, durationDays: 3650, commonName: Demo }
  web-mtls:
    namespace: shop
    hosts: [web.shop.svc]
    issuer: own
    durationDays: 30
    renewBeforeDays: 10
    usages: [server auth, client auth]
  plain-tls: { namespace: shop, hosts: [plain.example.org], issuer: letsencrypt }

sealedSecrets:
  gate-credentials:
    namespace: edge
    keys: [OAUTH2_PROXY_CLIENT_ID, OAUTH2_PROXY_CLIENT_SECRET, OAUTH2_PROXY_COOKIE_SECRET]
  grafana-gate-credentials:
    namespace: shop
    keys: [OAUTH2_PROXY_CLIENT_ID, OAUTH2_PROXY_CLIENT_SECRET, OAUTH2_PROXY_COOKIE_SECRET]

oauth2Proxies:
  gate:
    namespace: edge
    image: quay.io/oauth2-proxy/oauth2-proxy:v7.12.0
    resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { cpu: 200m, memory: 256Mi } }
    github: { organization: example, teams: [ops], users: [octocat] }
    secret: gate-credentials
  grafana-gate:
    namespace: shop
    image: quay.io/oauth2-proxy/oauth2-proxy:v7.12.0
    resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { cpu: 200m, memory: 256Mi } }
    github: { organization: example }
    secret: grafana-gate-credentials
    hosts: [grafana.example.org]
    upstream: { service: dashboard, port: 3000 }
    certificate: shop-tls
    middlewares: [limit]
`;
