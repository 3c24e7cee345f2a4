/** One step of a {@linkcode Stage}. Source: kwok's Stage API, `StageStep`. */
export type StageStep =
  | {
    /** A strategic merge patch, given as a Go template. */
    patch: {
      /** Subresource that is patched, such as `status`. */
      subresource?: string;
      /** Go template of the patch in YAML; its data is the object. */
      template: string;
    };
  }
  | {
    /** An event about the object. */
    event: {
      /** `Normal` or `Warning`. */
      type: string;
      /** Machine-readable reason. */
      reason: string;
      /** Readable message; not a template. */
      message: string;
    };
  }
  | {
    /** Delete the object at once. */
    delete: true;
  };

/** A change that kwok makes to objects in a certain state. Source: kwok's Stage API, kwok.x-k8s.io/v1alpha1. */
export interface Stage {
  /** Group and version of stages. */
  apiVersion: "kwok.x-k8s.io/v1alpha1";
  /** Kind of stages. */
  kind: "Stage";
  /** Name of the stage. */
  metadata: {
    /** Unique name. */
    name: string;
  };
  /** What the stage is about, as kwok's API has it. */
  spec: Record<string, unknown>;
}

/** What distinguishes one stage from another. */
export interface StageOptions {
  /** jq conditions on the object, all of which must be true. */
  when: readonly string[];
  /** Shortest and longest delay before the steps, in milliseconds. */
  delayMs: readonly [number, number];
  /** jq expression that gives the delay as a duration such as `4s`, in place of `delayMs`. */
  delayFrom?: string;
  /** What happens, in order. */
  steps: readonly StageStep[];
}

/** Make a stage for a kind of the core group. */
export function stage(name: string, kind: "Node" | "Pod", options: StageOptions): Stage {
  const [shortest, longest] = options.delayMs;
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: {
        matchExpressions: [
          { jq: { key: options.when.join(" and "), operator: "In", values: ["true"] } },
        ],
      },
      delay: {
        durationMilliseconds: shortest,
        ...(longest > shortest ? { jitterDurationMilliseconds: longest } : {}),
        ...(options.delayFrom === undefined
          ? {}
          : { durationFrom: { jq: { expression: options.delayFrom } } }),
      },
      steps: options.steps.map((step) =>
        "patch" in step ? { patch: { type: "strategic", ...step.patch } } : step
      ),
    },
  };
}
