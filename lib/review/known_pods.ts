import type { Manifest } from "../core/object.ts";
import type { ContainerPort } from "./pods.ts";

/** Pods that will be there, whoever makes them. */
export interface KnownPods {
  /** Namespace. */
  namespace: string;
  /** Labels. */
  labels: Readonly<Record<string, string>>;
  /** Ports; undefined where nobody knows. */
  ports?: readonly ContainerPort[];
  /** Object of the platform that makes them. */
  owner?: Manifest;
}
