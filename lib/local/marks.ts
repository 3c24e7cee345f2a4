/**
 * The processes of a cluster are known by their environment, which the kernel keeps and which
 * stands from the very start of a process: no crash can come between starting one and knowing it.
 */
export const marks = {
  /** Folder of the cluster. */
  folder: "SLIPWAY_CLUSTER_FOLDER",
  /** Random id of the cluster. */
  id: "SLIPWAY_CLUSTER_ID",
  /** Name of the component of the control plane. */
  component: "SLIPWAY_COMPONENT",
  /** Name of the service beside it. */
  service: "SLIPWAY_SERVICE",
  /** What it was started with. */
  fingerprint: "SLIPWAY_FINGERPRINT",
} as const;
