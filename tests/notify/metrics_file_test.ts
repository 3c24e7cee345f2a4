import assert from "node:assert/strict";
import { writeMetricsFile } from "../../lib/notify/metrics_file.ts";
import { withFolder } from "../folder.ts";

Deno.test("metrics can be read by others, whatever the umask of the run", () =>
  withFolder(async (folder) => {
    const before = Deno.umask(0o077);
    try {
      const sample = { name: "slipway_x", help: "An example", labels: {}, value: 1 };
      await writeMetricsFile(`${folder}/slipway.prom`, [sample]);
    } finally {
      Deno.umask(before);
    }
    const { mode } = await Deno.stat(`${folder}/slipway.prom`);
    assert.equal((mode ?? 0) & 0o777, 0o644);
  }));
