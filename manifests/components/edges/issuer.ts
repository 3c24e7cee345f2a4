import type { Manifest } from "../../../lib/core/object.ts";
import { gatewaysOf, ingressClass, usualGatewayName } from "../../../lib/platform/ingress.ts";
import type { Issuer as IssuerOptions, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ClusterIssuer, Issuer } from "../types.ts";

type Surroundings = Pick<Platform, "ingress" | "gateways" | "peers">;

/** An Issuer or ClusterIssuer; to show control by HTTP it needs to know how requests come in. Source: cert-manager, "Issuer configuration". */
export function issuer(
  name: string,
  options: IssuerOptions,
  platform: Pick<Platform, "ingress" | "gateways" | "peers">,
): Manifest[] {
  const { namespace } = options;
  const spec = specOf(name, options, platform);
  return [
    namespace === undefined
      ? define<ClusterIssuer>({
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name },
        spec,
      })
      : define<Issuer>({
        apiVersion: "cert-manager.io/v1",
        kind: "Issuer",
        metadata: { name, namespace },
        spec,
      }),
  ];
}

function specOf(
  name: string,
  { server, email, challenge, vault, ca }: IssuerOptions,
  platform: Surroundings,
): ClusterIssuer["spec"] {
  if (vault !== undefined) {
    return {
      vault: {
        server: vault.server,
        path: vault.path,
        caBundleSecretRef: vault.caSecret && { ...vault.caSecret },
        auth: {
          kubernetes: {
            role: vault.role,
            mountPath: `/v1/auth/${vault.authMountPath}`,
            serviceAccountRef: { name: vault.serviceAccount ?? name },
          },
        },
      },
    };
  }
  if (ca !== undefined) return { ca: { secretName: ca.secret } };
  if (server === undefined) return { selfSigned: {} };
  return {
    acme: {
      server,
      email,
      privateKeySecretRef: { name: `${name}-account` },
      solvers: [challenge === "http01" ? httpSolver(platform) : dnsSolver(challenge)],
    },
  };
}

type Solver = NonNullable<
  NonNullable<NonNullable<ClusterIssuer["spec"]>["acme"]>["solvers"]
>[number];

/** Answers come in by the way that requests do. */
function httpSolver(platform: Surroundings): Solver {
  const { ingress } = platform;
  if (ingress?.controller !== "envoy-gateway") {
    return { http01: { ingress: { ingressClassName: ingress && ingressClass(ingress) } } };
  }
  const name = usualGatewayName(platform) ?? "";
  return {
    http01: {
      gatewayHTTPRoute: {
        parentRefs: [{
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name,
          namespace: gatewaysOf(platform)[name]?.namespace,
          sectionName: "http",
        }],
      },
    },
  };
}

function dnsSolver(challenge: Exclude<IssuerOptions["challenge"], "http01">): Solver {
  const { zones, tokenSecret } = challenge!.dns01.cloudflare;
  return {
    dns01: { cloudflare: { apiTokenSecretRef: { ...tokenSecret } } },
    selector: zones && { dnsZones: [...zones] },
  };
}
