/** The same message is passed on once in this time, in milliseconds. */
const quietMs = 30_000;

/** Passes on a message unless it was passed on lately; when it comes later, says how often it was withheld. */
export function seldom(
  now: () => Temporal.Instant,
  tell: (message: string) => void,
): (message: string) => void {
  const told = new Map<string, { at: Temporal.Instant; withheld: number }>();
  return (message) => {
    const time = now();
    const before = told.get(message);
    const sinceMs = before === undefined
      ? Infinity
      : time.since(before.at).total({ unit: "milliseconds" });
    if (before !== undefined && sinceMs < quietMs) {
      before.withheld++;
      return;
    }
    for (const [old, { at }] of told) {
      if (time.since(at).total({ unit: "milliseconds" }) >= quietMs) told.delete(old);
    }
    told.set(message, { at: time, withheld: 0 });
    tell(
      before === undefined || before.withheld === 0
        ? message
        : `${message} (and ${before.withheld} times more since)`,
    );
  };
}
