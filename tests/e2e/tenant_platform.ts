/**
 * Write the file of a tenant's platform: one namespace with an API behind the gateway that all tenants share.
 *
 * @returns path of the file
 */
export async function writeTenant(folder: string, tenant: string): Promise<string> {
  const file = `${folder}/${tenant}.yaml`;
  await Deno.writeTextFile(file, tenantText(tenant));
  return file;
}

/** Text of the file of {@linkcode writeTenant}. */
export const tenantText = (tenant: string) => `
name: ${tenant}
domain: ${tenant}.com
environments: { prod: {} }
shared:
  - Namespace/gateway-system
  - GatewayClass/envoy
  - Gateway/gateway-system/*
  - EnvoyProxy/gateway-system/*
  - HTTPRoute/gateway-system/*
  - ClientTrafficPolicy/gateway-system/*
  - BackendTrafficPolicy/gateway-system/*
  - ClusterIssuer/letsencrypt
  - ValidatingAdmissionPolicy/slipway-tenant-hosts
  - ValidatingAdmissionPolicyBinding/slipway-tenant-hosts
namespaces:
  gateway-system: { podSecurity: restricted }
  ${tenant}-prod: { podSecurity: restricted, defaultDeny: true, domain: ${tenant}.com }
ingress: { controller: envoy-gateway, peer: shared-gateway }
gateways:
  shared-gateway:
    namespace: gateway-system
    resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { cpu: 500m, memory: 256Mi } }
    middlewares: [limit, security]
tenants:
  ${tenant}: { domain: ${tenant}.com, namespaces: [${tenant}-prod], issuer: letsencrypt }
issuers:
  letsencrypt:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: ops@example.org
    challenge: { dns01: { cloudflare: { tokenSecret: { name: cloudflare, key: token } } } }
middlewares:
  limit: { rateLimit: { average: 100, period: 1m, burst: 100 } }
  security:
    headers:
      hstsSeconds: 31536000
      hstsIncludeSubdomains: true
      frameDeny: true
      contentTypeNosniff: true
      browserXssFilter: true
      referrerPolicy: no-referrer
workloads:
  api:
    namespace: ${tenant}-prod
    image: ghcr.io/example/api:1.0.0
    resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 128Mi } }
    ports: { http: 7500 }
    services: { api: { ports: { http: 7500 } } }
    probes: { liveness: { path: /live }, readiness: { path: /ready } }
routes:
  api: { namespace: ${tenant}-prod, hosts: [api.${tenant}.com], service: api, port: 7500 }
  raw:
    namespace: ${tenant}-prod
    hosts: [raw.${tenant}.com]
    service: api
    port: 7500
    tlsPassthrough: true
flows:
  - { from: shared-gateway, to: api, ports: [7500] }
`;
