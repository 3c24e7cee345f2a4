/** A metric with matchers on its labels; those that are undefined match everything. */
export function series(
  metric: string,
  matchers: Readonly<Record<string, string | undefined>> = {},
): string {
  const written = Object.entries(matchers)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([label, matcher]) => `${label}${matcher}`);
  return written.length === 0 ? metric : `${metric}{${written.join(", ")}}`;
}

/** Matches labels that have exactly this value. */
export function is(value: string): string {
  return `=${quoted(value)}`;
}

/** Matches labels that have one of these values; undefined when there are none to choose from. */
export function oneOf(values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : `=~${quoted(values.map(escaped).join("|"))}`;
}

/** Matchers for exact values, by label. */
export function exactly(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, is(value)]));
}

/** `by (…)` or nothing. */
export function by(labels: readonly string[] = []): string {
  return labels.length === 0 ? "" : ` by (${labels.join(", ")})`;
}

/** Source: RE2 syntax, which Prometheus' matchers have. */
function escaped(value: string): string {
  return value.replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** Strings of PromQL escape as Go's do, and so as JSON's. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
