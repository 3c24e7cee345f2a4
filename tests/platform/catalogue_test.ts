import assert from "node:assert/strict";
import { parsePins } from "../../lib/crds/pins.ts";
import { catalogue } from "../../lib/platform/catalogue.ts";
import { chartValues } from "../../lib/platform/schema/chart_values.ts";

const { charts, ended } = catalogue();
const pins = parsePins(
  await Deno.readTextFile(new URL("../../manifests/crds.yaml", import.meta.url)),
);

Deno.test("each chart that a platform can name is pinned, and each pinned one can be named", () => {
  assert.deepEqual(Object.keys(charts).sort(), Object.keys(chartValues).sort());
});

Deno.test("each chart says where it comes from, what it is for and where its version stands", () => {
  for (const [name, pin] of Object.entries(charts)) {
    assert.match(pin.repository, /^(https|oci):\/\/[^\s/]+/, name);
    assert.match(pin.version, /^v?\d+\.\d+\.\d+$/, name);
    assert.match(pin.source, /^https:\/\//, name);
    assert.ok(pin.purpose.length > 10, name);
  }
});

Deno.test("a chart and the definitions of its system are of one release line", () => {
  const line = (version: string) => /^v?(\d+)\.(\d+)\./.exec(version)!.slice(1);
  for (const [name, { definitions, program }] of Object.entries(charts)) {
    if (definitions === undefined) continue;
    const pin = pins.find((one) => one.name === definitions);
    assert.ok(pin !== undefined && program !== undefined, `${name}: no pin ${definitions}`);
    const [major, minor] = line(program);
    // Sealed Secrets publishes its chart some days after the program.
    const known = name === "sealed-secrets" ? ["0", "40"] : [major, minor];
    assert.deepEqual(line(pin.version), known, `${name}: ${program} and ${pin.version}`);
  }
});

Deno.test("each thing that came to an end says since when, why, who says so, what follows and how to go back", () => {
  for (const [name, one] of Object.entries(ended)) {
    assert.match(one.since, /^\d{4}(-\d{2}(-\d{2})?)?$/, name);
    assert.match(one.source, /^https:\/\//, name);
    for (const text of [one.what, one.because, one.successor, one.back]) {
      assert.ok(text.length > 5 && !text.endsWith("."), `${name}: ${text}`);
    }
    for (const chart of one.charts ?? []) assert.ok(chart in charts, `${name}: ${chart}`);
  }
});
