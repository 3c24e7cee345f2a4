/** Which labels are meant: all requirements must hold; without any, everything matches. Source: k8s.io/apimachinery, meta/v1 LabelSelector. */
export interface LabelSelector {
  /** Labels that must be there with these values. */
  matchLabels?: Readonly<Record<string, string>>;
  /** Further requirements. */
  matchExpressions?: readonly LabelRequirement[];
}

/** One requirement of a selector. Source: k8s.io/apimachinery, meta/v1 LabelSelectorRequirement. */
export interface LabelRequirement {
  /** Key of the label. */
  key: string;
  /** How its value is compared. */
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  /** Values of `In` and `NotIn`. */
  values?: readonly string[];
}

/** Whether labels are those that a selector means. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels));
}

function holds(
  { key, operator, values = [] }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    // A label that is not there has none of the values.
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
