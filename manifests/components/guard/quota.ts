import type { Manifest } from "../../../lib/core/object.ts";
import type { Limits, Namespace, Quota } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { LimitRange, ResourceQuota } from "../types.ts";

/** A ResourceQuota and a LimitRange, where the namespace asks for them; both are named after what they are. */
export function bounds(namespace: string, { quota, limits }: Namespace): Manifest[] {
  return [
    ...(quota === undefined ? [] : [resourceQuota(namespace, quota)]),
    ...(limits === undefined ? [] : [limitRange(namespace, limits)]),
  ];
}

/** Source: Kubernetes, "Resource Quotas". */
function resourceQuota(namespace: string, quota: Quota): Manifest {
  const hard = {
    "requests.cpu": quota.requests?.cpu,
    "requests.memory": quota.requests?.memory,
    "limits.cpu": quota.limits?.cpu,
    "limits.memory": quota.limits?.memory,
    pods: quota.pods?.toString(),
    "requests.storage": quota.storage,
    persistentvolumeclaims: quota.volumeClaims?.toString(),
    "services.loadbalancers": quota.loadBalancers?.toString(),
  };
  return define<ResourceQuota>({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "quota", namespace },
    spec: {
      hard: Object.fromEntries(
        Object.entries(hard).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    },
  });
}

/** Source: Kubernetes, "Limit Ranges". */
function limitRange(namespace: string, limits: Limits): Manifest {
  const { maxStorage, default: limit, defaultRequest, min, max } = limits;
  const ofContainers = limit ?? defaultRequest ?? min ?? max;
  return define<LimitRange>({
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "limits", namespace },
    spec: {
      limits: [
        ...(ofContainers === undefined ? [] : [{
          type: "Container",
          default: limit && { ...limit },
          defaultRequest: defaultRequest && { ...defaultRequest },
          min: min && { ...min },
          max: max && { ...max },
        }]),
        ...(maxStorage === undefined
          ? []
          : [{ type: "PersistentVolumeClaim", max: { storage: maxStorage } }]),
      ],
    },
  });
}
