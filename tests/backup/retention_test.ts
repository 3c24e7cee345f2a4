import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../lib/core/errors.ts";
import { retentionOf, type RetentionPolicy, retentionUnits } from "../../lib/core/retention.ts";
import { retain, type RetainedBackup, type RetentionOptions } from "../../lib/backup/retention.ts";

const newest = Temporal.Instant.from("2026-11-21T03:00:00Z");
const now = Temporal.Instant.from("2026-11-21T12:00:00Z");

/** A backup of a moment before the newest; with `!` it was restored once. */
function backup(hoursBefore: number, verified = false): RetainedBackup {
  const createdAt = newest.subtract({ seconds: Math.round(hoursBefore * 3_600) }).toString();
  const id = createdAt;
  return {
    record: { id, createdAt },
    ...verified
      ? { verification: { id, verifiedAt: createdAt, durationMs: 1, target: "t", proof: "p" } }
      : {},
  };
}

const daily = (days: number, verified: (day: number) => boolean = () => false) =>
  Array.from({ length: days }, (_, day) => backup(day * 24, verified(day)));

function kept(
  backups: readonly RetainedBackup[],
  policy: RetentionPolicy,
  options: Partial<RetentionOptions> = {},
): string[] {
  return retain(backups, policy, { now, ...options })
    .filter(({ keep }) => keep).map(({ id }) => id.slice(0, 10));
}

const because = (
  backups: readonly RetainedBackup[],
  policy: RetentionPolicy,
  options: Partial<RetentionOptions> = {},
) =>
  Object.fromEntries(
    retain(backups, policy, { now, ...options })
      .map(({ id, because }) => [id.slice(0, 16), because]),
  );

Deno.test("a backup stays with every reason that keeps it, and goes with every one that does not", () => {
  assert.deepEqual(because([backup(0), backup(1), backup(26)], { daily: 1, hours: 12 }), {
    "2026-11-21T03:00": ["newest", "within 12 hours of the newest", "daily 2026-11-21"],
    "2026-11-21T02:00": ["within 12 hours of the newest"],
    "2026-11-20T01:00": [
      "more than 12 hours older than the newest",
      "daily 2026-11-20 is beyond the last 1",
    ],
  });
});

Deno.test("the policies of the documents keep what their names say", () => {
  const hourly = Array.from({ length: 24 * 120 }, (_, hour) => backup(hour));
  const count = (name: string) => kept(hourly, retentionOf(name)!).length;
  assert.equal(count("7-days"), 7 * 24 + 1);
  assert.equal(count("30-days"), 30 * 24 + 1);
  assert.equal(count("72-hourly"), 72);
  // The newest of the day is the newest of its week and month too, and the Sunday before the last is a day of the week.
  assert.deepEqual(kept(daily(120), retentionOf("7-daily-4-weekly-3-monthly")!), [
    ...["21", "20", "19", "18", "17", "16", "15"].map((day) => `2026-11-${day}`),
    "2026-11-08",
    "2026-11-01",
    "2026-10-31",
    "2026-09-30",
  ]);
});

Deno.test("weeks are those of ISO 8601, also at the turn of a year", () => {
  const at = (createdAt: string) => ({ record: { id: createdAt, createdAt } });
  const reasons = because(
    [at("2027-01-03T03:00:00Z"), at("2027-01-01T03:00:00Z"), at("2026-12-27T03:00:00Z")],
    { weekly: 2, yearly: 2 },
    { now: Temporal.Instant.from("2027-01-04T00:00:00Z") },
  );
  assert.deepEqual(reasons["2027-01-03T03:00"], ["newest", "weekly 2026-W53", "yearly 2027"]);
  assert.deepEqual(reasons["2027-01-01T03:00"], [
    "weekly 2026-W53 has a later one",
    "yearly 2027 has a later one",
  ]);
  assert.deepEqual(reasons["2026-12-27T03:00"], ["weekly 2026-W52", "yearly 2026"]);
});

Deno.test("a day is one of the time zone that is asked for, and an hour that comes twice is two", () => {
  const at = (createdAt: string) => ({ record: { id: createdAt, createdAt } });
  const evening = [at("2026-11-20T23:30:00Z"), at("2026-11-20T22:30:00Z")];
  assert.equal(kept(evening, { daily: 2 }).length, 1);
  assert.equal(kept(evening, { daily: 2 }, { timeZone: "Europe/Berlin" }).length, 2);
  // 02:30 of summer time, and an hour later 02:30 of standard time.
  const twice = [at("2026-10-25T01:30:00Z"), at("2026-10-25T00:30:00Z")];
  assert.equal(kept(twice, { hourly: 2 }, { timeZone: "Europe/Berlin" }).length, 2);
});

Deno.test("where backups have stopped, time alone removes none", () => {
  const later = { now: now.add({ hours: 24 * 365 }) };
  assert.deepEqual(kept(daily(10), { days: 7 }, later), kept(daily(10), { days: 7 }));
  assert.deepEqual(kept(daily(10), { daily: 7 }, later), kept(daily(10), { daily: 7 }));
});

Deno.test("a backup of the future stays, and takes no place of the others", () => {
  const future = backup(-48);
  assert.deepEqual(because([future, ...daily(3)], { last: 1 }), {
    "2026-11-23T03:00": ["its time is in the future"],
    "2026-11-21T03:00": ["newest", "last 1 of 1"],
    "2026-11-20T03:00": ["not of the last 1"],
    "2026-11-19T03:00": ["not of the last 1"],
  });
  // Clocks that are right differ by seconds.
  const slow = { now: newest.subtract({ seconds: 20 }) };
  assert.deepEqual(kept(daily(3), { last: 1 }, slow), ["2026-11-21"]);
});

Deno.test("a backup that is held stays, and the reason is told where nothing else keeps it", () => {
  const old = backup(24 * 20_000);
  const held = new Map([old.record.id, backup(0).record.id].map((id) => [id, "stored last"]));
  assert.deepEqual(because([...daily(1), old], { last: 1 }, { held }), {
    [backup(0).record.id.slice(0, 16)]: ["newest", "last 1 of 1"],
    [old.record.id.slice(0, 16)]: ["stored last"],
  });
});

Deno.test("only verified backups fill the places of a policy where that is asked for", () => {
  const weeklyProved = daily(28, (day) => day % 7 === 3);
  assert.deepEqual(kept(weeklyProved, { last: 2 }, { requireVerified: true }), [
    // Nothing proves yet that these can be restored, and nothing newer does.
    ...["2026-11-21", "2026-11-20", "2026-11-19"],
    ...["2026-11-18", "2026-11-11"],
  ]);
  assert.deepEqual(kept(weeklyProved, { last: 2 }), ["2026-11-21", "2026-11-20", "2026-11-18"]);
});

Deno.test("nothing goes while nothing was restored, where only verified backups count", () => {
  assert.equal(kept(daily(40), { last: 1 }, { requireVerified: true }).length, 40);
});

Deno.test("a policy that would leave nothing is refused", () => {
  for (const policy of [{}, { daily: 0 }, { last: -1 }, { days: Number.NaN }, { weekly: 1.5 }]) {
    assert.throws(() => retain(daily(2), policy, { now }), UsageError);
  }
});

const anyPolicy: fc.Arbitrary<RetentionPolicy> = fc.record(
  Object.fromEntries(retentionUnits.map((unit) => [unit, fc.integer({ min: 1, max: 12 })])),
  { requiredKeys: [] },
).filter((policy) => Object.keys(policy).length > 0);

const anyBackups: fc.Arbitrary<RetainedBackup[]> = fc.uniqueArray(
  fc.record({
    secondsBefore: fc.integer({ min: -100_000, max: 70_000_000 }),
    verified: fc.boolean(),
  }),
  { maxLength: 60, selector: ({ secondsBefore }) => secondsBefore },
).map((all) => all.map(({ secondsBefore, verified }) => backup(secondsBefore / 3_600, verified)));

const anyOptions = fc.record({
  now: fc.constant(now),
  requireVerified: fc.boolean(),
  timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"),
});

const idsOf = (backups: readonly RetainedBackup[]) => backups.map(({ record }) => record.id);

Deno.test("whatever the policy, the newest backup and the newest verified one stay", () => {
  fc.assert(fc.property(anyBackups, anyPolicy, anyOptions, (backups, policy, options) => {
    const left = new Set(
      retain(backups, policy, options).filter(({ keep }) => keep).map(({ id }) => id),
    );
    const byAge = backups.toSorted((a, b) => a.record.createdAt < b.record.createdAt ? 1 : -1);
    const past = byAge.filter(({ record }) => record.createdAt <= now.toString());
    for (const list of [byAge, past, past.filter(({ verification }) => verification)]) {
      if (list[0] !== undefined) assert.ok(left.has(list[0].record.id));
    }
  }));
});

Deno.test("each backup gets one verdict with a reason, newest first, in whatever order they come", () => {
  fc.assert(fc.property(anyBackups, anyPolicy, anyOptions, (backups, policy, options) => {
    const verdicts = retain(backups, policy, options);
    assert.deepEqual(verdicts.map(({ id }) => id), idsOf(backups).toSorted().toReversed());
    assert.ok(verdicts.every(({ because }) => because.length > 0));
    assert.deepEqual(retain(backups.toReversed(), policy, options), verdicts);
  }));
});

const survivors = (
  backups: readonly RetainedBackup[],
  policy: RetentionPolicy,
  options: RetentionOptions,
): RetainedBackup[] => {
  const left = new Set(
    retain(backups, policy, options).filter(({ keep }) => keep).map(({ id }) => id),
  );
  return backups.filter(({ record }) => left.has(record.id));
};

Deno.test("pruning what was pruned removes nothing more", () => {
  fc.assert(fc.property(anyBackups, anyPolicy, anyOptions, (backups, policy, options) => {
    const once = survivors(backups, policy, options);
    assert.deepEqual(survivors(once, policy, options), once);
  }));
});

Deno.test("a policy with more in it keeps all that one with less does", () => {
  fc.assert(
    fc.property(anyBackups, anyPolicy, anyPolicy, anyOptions, (backups, policy, more, options) => {
      const larger: RetentionPolicy = { ...policy };
      for (const unit of retentionUnits) {
        const sum = (policy[unit] ?? 0) + (more[unit] ?? 0);
        if (sum > 0) larger[unit] = sum;
      }
      const left = new Set(idsOf(survivors(backups, larger, options)));
      assert.ok(idsOf(survivors(backups, policy, options)).every((id) => left.has(id)));
    }),
  );
});

Deno.test("to count only verified backups never removes what would stay otherwise, nor anything without a newer verified one", () => {
  fc.assert(fc.property(anyBackups, anyPolicy, (backups, policy) => {
    const left = new Set(idsOf(survivors(backups, policy, { now, requireVerified: true })));
    assert.ok(idsOf(survivors(backups, policy, { now })).every((id) => left.has(id)));
    for (const { record } of backups.filter(({ record }) => !left.has(record.id))) {
      assert.ok(
        backups.some((other) =>
          other.verification !== undefined && other.record.createdAt > record.createdAt &&
          other.record.createdAt <= now.toString()
        ),
      );
    }
  }));
});

Deno.test("a year of daily runs, pruned after each, always has the days, weeks and months that the policy says", () => {
  const policy = { daily: 7, weekly: 4, monthly: 3 };
  const begin = Temporal.Instant.from("2026-01-01T03:00:00Z");
  let store: RetainedBackup[] = [];
  for (let day = 0; day < 365; day++) {
    const at = begin.add({ hours: 24 * day });
    const createdAt = at.toString();
    store = survivors([...store, { record: { id: createdAt, createdAt } }], policy, { now: at });
    const has = (wanted: Temporal.Instant) => idsOf(store).includes(wanted.toString());
    for (let ago = 0; ago < Math.min(day + 1, 7); ago++) {
      assert.ok(has(at.subtract({ hours: 24 * ago })), `${createdAt}: ${ago} days ago`);
    }
    const months = new Set(idsOf(store).map((id) => id.slice(0, 7)));
    assert.ok(months.size >= Math.min(at.toZonedDateTimeISO("UTC").month, 3), createdAt);
    assert.ok(store.length <= 7 + 4 + 3, `${store.length} are kept`);
  }
});
