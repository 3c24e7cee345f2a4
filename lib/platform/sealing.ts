import type { Platform } from "./types.ts";

/** Where a Sealed Secrets controller is found. */
export interface ControllerPlace {
  /** Namespace of its Service, its Deployment and its keys. */
  namespace: string;
  /** Name of its Service and of its Deployment. */
  name: string;
}

/** Where upstream's own manifests put the controller, and kubeseal looks for it. Source: sealed-secrets, README. */
export const usualController: Readonly<ControllerPlace> = {
  namespace: "kube-system",
  name: "sealed-secrets-controller",
};

/** Where a platform has its Sealed Secrets controller: that of its chart, or of an application that delivers it. */
export function controllerPlace(
  { charts, applications }: Pick<Platform, "charts" | "applications">,
): ControllerPlace {
  const delivered = Object.values(applications).find((application) =>
    JSON.stringify(application).includes("sealed-secrets")
  );
  const namespace = charts["sealed-secrets"]?.namespace ?? delivered?.destination ??
    usualController.namespace;
  return { ...usualController, namespace };
}
