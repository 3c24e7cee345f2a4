import type { KubeObject } from "../../core/object.ts";

/** What an object's own words say of it. */
export interface Verdict {
  /** `ready`: it does its work. `waiting`: its controller is at it. `failed`: its controller says that it did not work. */
  state: "ready" | "waiting" | "failed";
  /** Why, in one line without a final period. */
  because: string;
  /** With `failed`: the controller keeps trying, so a wait should give it a while before it believes the failure. */
  mayHeal?: boolean;
}

/** Other objects that a verdict may depend on. */
export interface Related {
  /** The StorageClass that a claim names. */
  storageClass?: KubeObject;
  /** Pods of the object's namespace; absent when nobody looked. */
  pods?: readonly KubeObject[];
  /** The Secret that an ExternalSecret makes; null when it does not exist, absent when nobody looked. */
  secret?: KubeObject | null;
}

/** Reads an object's state. Never throws, whatever stands in the object. */
export type ReadyReader = (object: KubeObject, related: Related) => Verdict;

/** The verdict that an object does its work. */
export function ready(because: string): Verdict {
  return { state: "ready", because };
}

/** The verdict that an object is on its way. */
export function waiting(because: string): Verdict {
  return { state: "waiting", because };
}

/** The verdict that an object failed for good. */
export function failed(because: string): Verdict {
  return { state: "failed", because };
}

/** The verdict that an object failed, while its controller keeps trying. */
export function failing(because: string): Verdict {
  return { state: "failed", because, mayHeal: true };
}
