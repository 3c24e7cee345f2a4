import assert from "node:assert/strict";
import { figuresLine } from "../../lib/ui/figures.ts";

const lines: [figures: Record<string, unknown>, line: string][] = [
  [
    { type: "summary", created: 0, configured: 0, unchanged: 142, pruned: 0, failed: 0, writes: 0 },
    "0 created, 0 configured, 142 unchanged",
  ],
  [
    { failed: 1, unchanged: 2, created: 3, configured: 4, pruned: 5, conflicted: 6 },
    "3 created, 4 configured, 2 unchanged, 5 pruned, 6 conflicted, 1 failed",
  ],
  [{ passed: 3, failed: 0, ignored: 0 }, "3 passed, 0 failed"],
  [{ passed: 0, failed: 2, durationMs: 65_000 }, "0 passed, 2 failed in 1 min 5 s"],
  [
    { deleted: 4, podsReady: 3, sizeBytes: 2_048, pausedMs: 1_500 },
    "4 deleted, 3 pods ready, size 2 KiB, paused 1.5 s",
  ],
  [{ state: "ready", durationMs: 20 }, "state ready in 20 ms"],
  [{ type: "summary", durationMs: 20 }, "done in 20 ms"],
  [
    { kind: "postgres", scope: "shop-production", name: "main", item: "orders", backup: "1-a" },
    "postgres shop-production/main/orders: backup 1-a",
  ],
  [
    { kind: "vault", scope: "shop-production", name: "main", dryRun: false, kept: 2 },
    "vault shop-production/main: 2 kept",
  ],
  [{ kind: "etcd", scope: "standalone", name: "k3s", removed: [] }, "etcd standalone/k3s"],
  [{ copied: 1, dryRun: true }, "1 copied, nothing done, as --dry-run asks"],
  [{ nested: { a: 1 }, none: undefined, state: "up" }, "state up"],
];

for (const [figures, line] of lines) {
  Deno.test(`figures are told as "${line}"`, () => assert.equal(figuresLine(figures), line));
}
