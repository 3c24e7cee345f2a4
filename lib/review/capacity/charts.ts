import type { Platform } from "../../platform/types.ts";
import { needsOf } from "./amounts.ts";
import type { Demand, VolumeDemand } from "./wanted.ts";

/**
 * Parts of a chart that all get the same settings.
 * Sources: the charts cert-manager (controller, webhook, cainjector) and external-secrets (controller, webhook, certificate controller).
 */
const equalParts: Readonly<Record<string, number>> = { "cert-manager": 3, "external-secrets": 3 };

interface Settings {
  replicas?: number;
  autoscaling?: { minReplicas: number; maxReplicas: number };
  resources?: { requests: Record<string, string>; limits: Record<string, string> };
  storage?: { storageClass: string; size: string };
  [setting: string]: unknown;
}

interface Brought {
  namespace: string;
  values: Settings;
}

/**
 * What charts need, as far as the platform sets it: a chart's own defaults mostly ask for nothing. Each group of
 * settings with resources, replicas or a volume is a part of the chart.
 */
export function chartDemands({ charts }: Pick<Platform, "charts">): Demand[] {
  return Object.entries(charts as Record<string, Brought>).flatMap(([name, chart]) =>
    parts(name, chart.values).map(({ path, settings }) => {
      const counts = settings.autoscaling;
      const copies = (settings.replicas ?? 1) * (path === name ? equalParts[name] ?? 1 : 1);
      return demand({ chart: path, namespace: chart.namespace }, settings, {
        least: counts?.minReplicas ?? copies,
        most: counts?.maxReplicas ?? copies,
      });
    })
  );
}

/** Settings that are a part of a chart, its own ones first, each with a name. */
function parts(path: string, settings: Settings): { path: string; settings: Settings }[] {
  const own = settings.resources !== undefined || settings.storage?.size !== undefined;
  return [
    ...(own ? [{ path, settings }] : []),
    ...Object.entries(settings).flatMap(([key, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value) &&
        !["resources", "storage", "autoscaling"].includes(key)
        ? parts(`${path}.${key}`, value as Settings)
        : []
    ),
  ];
}

function demand(
  { chart, namespace }: { chart: string; namespace: string },
  { resources, storage }: Settings,
  { least, most }: { least: number; most: number },
): Demand {
  const object = { apiVersion: "helm.cattle.io/v1", kind: "HelmChart", namespace, name: chart };
  const volumes: VolumeDemand[] = storage?.size === undefined ? [] : [{
    object,
    name: "data",
    size: storage.size,
    storageClass: storage.storageClass,
  }];
  return {
    object,
    namespace,
    labels: { chart },
    least,
    most,
    surge: 0,
    perNode: false,
    passing: false,
    needs: needsOf({
      containers: [{ name: chart, ...(resources === undefined ? {} : { resources }) }],
    }),
    spec: {},
    volumes,
  };
}
