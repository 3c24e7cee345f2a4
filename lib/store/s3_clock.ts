/** The clock of a server, as its answers tell it. */
export interface StoreClock {
  /** Take the `Date` of an answer. Source: RFC 9110, section 6.6.1. */
  heard(date: string | null): void;
  /** What that clock shows now; undefined while nothing was heard. */
  now(): Temporal.Instant | undefined;
}

/** Follow the clock of a server. Between answers time is measured here, which a clock that is set does not disturb. */
export function createStoreClock(): StoreClock {
  let last: { at: Temporal.Instant; heardMs: number } | undefined;
  return {
    heard(date) {
      const time = date === null ? NaN : Date.parse(date);
      if (Number.isNaN(time)) return;
      last = { at: Temporal.Instant.fromEpochMilliseconds(time), heardMs: performance.now() };
    },
    now: () => last?.at.add({ milliseconds: Math.round(performance.now() - last.heardMs) }),
  };
}
