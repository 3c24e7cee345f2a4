import type { Manifest } from "../../core/object.ts";
import { cloudNativePgPods } from "./cloudnative_pg.ts";
import { envoyPods } from "./envoy_gateway.ts";
import type { MadePods } from "./made.ts";
import { prometheusPods } from "./prometheus.ts";
import { zalandoPods } from "./zalando.ts";

/** All pods that operators make of the custom resources among some manifests. */
export function operatorPods(manifests: readonly Manifest[]): MadePods[] {
  return manifests.flatMap((manifest) => [
    ...prometheusPods(manifest),
    ...cloudNativePgPods(manifest),
    ...zalandoPods(manifest),
    ...envoyPods(manifest, manifests),
  ]);
}
