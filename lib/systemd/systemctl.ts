import type { RunProgram } from "../core/program.ts";

/** Properties of a unit as systemd shows them, by name. */
export type UnitProperties = Readonly<Record<string, string>>;

/** What of systemd is needed here. */
export interface Systemctl {
  /** Properties of units, in the order in which they are named; a unit that is not there has `LoadState=not-found`. */
  show(units: readonly string[], properties: readonly string[]): Promise<UnitProperties[]>;
  /** Do something with some units, such as `enable --now`; with none of them when there are none. */
  act(verb: readonly [string, ...string[]], units: readonly string[]): Promise<void>;
  /** Have systemd read all units anew. */
  reload(): Promise<void>;
}

/** The systemd that runs this machine. Source: systemctl(1). */
export function createSystemctl(run: RunProgram, signal: AbortSignal): Systemctl {
  const systemctl = async (args: readonly string[]): Promise<string> => {
    const { stdout, done } = await run({
      argv: ["systemctl", ...args],
      // Times are shown in the zone of whoever asks.
      env: { LC_ALL: "C.UTF-8", TZ: "UTC" },
      label: `systemctl ${args[0]}`,
    }, { signal });
    const [text] = await Promise.all([new Response(stdout).text(), done]);
    return text;
  };
  return {
    async show(units, properties) {
      if (units.length === 0) return [];
      const text = await systemctl(["show", `--property=${properties.join(",")}`, "--", ...units]);
      return text.trimEnd().split("\n\n").map(readProperties);
    },
    async act(verb, units) {
      if (units.length > 0) await systemctl([...verb, "--", ...units]);
    },
    async reload() {
      await systemctl(["daemon-reload"]);
    },
  };
}

function readProperties(block: string): UnitProperties {
  return Object.fromEntries(
    block.split("\n").filter((line) => line.includes("=")).map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** A time as systemd shows it in UTC: `Sat 2026-11-21 15:30:00 UTC`; undefined for one that never was. */
export function readTime(text: string | undefined): Temporal.Instant | undefined {
  const [, date, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text ?? "") ?? [];
  return date === undefined ? undefined : Temporal.Instant.from(`${date}T${time}Z`);
}
