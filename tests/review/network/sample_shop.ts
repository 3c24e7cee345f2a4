import { type FlowMatrix, flowMatrix } from "../../../lib/review/network/matrix.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { render } from "../../../manifests/components/render.ts";
import { samplePlatform, sampleWorkload } from "../../platform/sample_platform.ts";

/** A gateway of somebody else's in front of a shop, with its database, and the internet. */
export function shop(changes: Partial<Platform> = {}): Platform {
  return samplePlatform({
    namespaces: {
      edge: { existing: true },
      shop: { podSecurity: "restricted", defaultDeny: true },
    },
    peers: {
      gateway: { namespace: "edge", podLabels: { app: "gateway" } },
      internet: { cidrs: ["0.0.0.0/0"], except: ["10.0.0.0/8"] },
    },
    workloads: {
      web: sampleWorkload({ services: {} }),
      db: sampleWorkload({ serviceAccount: "db", services: {}, ports: { sql: 5432 } }),
    },
    flows: [
      { from: "gateway", to: "web", ports: [8080] },
      { from: "web", to: "db", ports: ["sql"] },
      { from: "web", to: "internet", ports: [443] },
    ],
    ...changes,
  });
}

/** The matrix of what a platform renders. */
export function matrixOf(platform: Platform): FlowMatrix {
  return flowMatrix(render(platform), platform);
}
