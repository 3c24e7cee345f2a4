/** One measured value, as Prometheus has it: a gauge with its labels. */
export interface Sample {
  /** Name, such as `slipway_backup_size_bytes`. */
  name: string;
  /** What it measures, in one line. */
  help: string;
  /** Labels; empty ones count as absent. */
  labels: Readonly<Record<string, string>>;
  /** Its value. */
  value: number;
}

/**
 * Samples in the text format of Prometheus.
 * Source: Prometheus documentation, "Exposition formats", text-based format.
 */
export function expositionText(samples: readonly Sample[]): string {
  return mergeExposition("", samples);
}

/**
 * What a text of {@linkcode expositionText} says, with new samples in place of those of the same series. Series of
 * others stay as they are; lines that are none of it, such as the half of one, go.
 */
export function mergeExposition(text: string, samples: readonly Sample[]): string {
  const help = new Map<string, string>();
  const series = new Map<string, Map<string, string>>();
  const put = (name: string, key: string, value: string) => {
    if (!series.has(name)) series.set(name, new Map());
    series.get(name)!.set(key, value);
  };
  for (const line of text.split("\n")) {
    const [, named, words] = /^# HELP ([a-z_]+) (.*)$/s.exec(line) ?? [];
    if (named !== undefined) help.set(named, words!);
    const [, key, name, value] = /^(([a-z_]+)(?:\{.*\})?) (\S+)$/s.exec(line) ?? [];
    if (key !== undefined && Number.isFinite(Number(value))) put(name!, key, value!);
  }
  for (const sample of samples) {
    help.set(sample.name, escaped(sample.help));
    put(sample.name, seriesOf(sample), String(sample.value));
  }
  return [...series].map(([name, values]) =>
    [
      ...help.has(name) ? [`# HELP ${name} ${help.get(name)}`] : [],
      `# TYPE ${name} gauge`,
      ...[...values].map(([key, value]) => `${key} ${value}`),
      "",
    ].join("\n")
  ).join("");
}

function seriesOf({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== "")
    .map(([label, value]) => `${label}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
