/** Something that is done again and again until it is stopped. */
export interface Renewal {
  /** Do it no more; resolves when the last time has ended. */
  stop(): Promise<void>;
}

/** Do something every so many milliseconds; where it takes longer than that, the next time waits for its turn. */
export function renewing(everyMs: number, renew: () => Promise<void>): Renewal {
  let underWay: Promise<void> | undefined;
  const timer = setInterval(() => {
    underWay ??= renew().finally(() => underWay = undefined);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
