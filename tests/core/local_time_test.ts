import assert from "node:assert/strict";
import { localAndUtc } from "../../lib/core/local_time.ts";

Deno.test("a moment is told in one's own time and in UTC, with both days where they differ", () => {
  const told = (at: string, zone: string) => localAndUtc(Temporal.Instant.from(at), zone);
  assert.equal(told("2026-11-21T15:30:59Z", "UTC"), "2026-11-21 15:30 UTC");
  assert.equal(told("2026-11-21T15:30:00Z", "Europe/London"), "2026-11-21 15:30 UTC");
  assert.equal(
    told("2026-11-21T15:30:00Z", "Europe/Berlin"),
    "2026-11-21 16:30 +01:00 (15:30 UTC)",
  );
  assert.equal(
    told("2026-11-21T23:30:00Z", "Asia/Kolkata"),
    "2026-11-22 05:00 +05:30 (2026-11-21 23:30 UTC)",
  );
});
