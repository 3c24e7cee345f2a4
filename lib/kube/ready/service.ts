import type { KubeObject } from "../../core/object.ts";
import { listAt, textAt } from "./fields.ts";
import { ready, type Verdict, waiting } from "./verdict.ts";

/** A Service is ready when it has its address: a cluster IP, and of a load balancer where it asks for one. Source: k8s.io/api, core/v1 ServiceType. */
export function serviceReady(service: KubeObject): Verdict {
  const type = textAt(service, "spec", "type") ?? "ClusterIP";
  if (type === "ExternalName") {
    return ready(`stands for ${textAt(service, "spec", "externalName") ?? "an outside name"}`);
  }
  const clusterIP = textAt(service, "spec", "clusterIP");
  if (clusterIP === undefined) return waiting("has no cluster IP yet");
  if (type !== "LoadBalancer") return ready(clusterIP === "None" ? "headless" : `at ${clusterIP}`);
  const addresses = listAt(service, "status", "loadBalancer", "ingress")
    .map((entry) => textAt(entry, "ip") ?? textAt(entry, "hostname"))
    .filter((address) => address !== undefined);
  return addresses.length === 0
    ? waiting("no load balancer has given it an address yet")
    : ready(`at ${addresses.join(", ")}`);
}
