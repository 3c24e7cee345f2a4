/** A label selector; one without any term selects everything. Source: k8s.io/apimachinery, meta/v1 LabelSelector. */
export interface LabelSelector {
  /** Labels that must be there with these values. */
  matchLabels?: Readonly<Record<string, string>>;
  /** Further terms, all of which must hold. */
  matchExpressions?: readonly LabelExpression[];
}

/** A term of a {@linkcode LabelSelector}. */
export interface LabelExpression {
  /** Key of the label. */
  key: string;
  /** How label and values must stand to each other. */
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | string;
  /** Values, for `In` and `NotIn`. */
  values?: readonly string[];
}

/** Whether a selector selects something with these labels. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((term) => holds(term, labels[term.key]));
}

/** A selector as people write it: `app=web,tier in (a,b)`. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      values.length === 0 ? `${key} ${operator}` : `${key} ${operator} (${values.join(",")})`
    ),
  ];
  return terms.length === 0 ? "everything" : terms.join(",");
}

function holds({ operator, values = [] }: LabelExpression, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
