import assert from "node:assert/strict";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { renderPlatform } from "../../../lib/flows/render/render.ts";
import { drawFlows, flowsRecords, flowsText } from "../../../lib/flows/render/flows.ts";

const rendered = await renderPlatform({ platform: "bareuptime" }, { cwd: "/" });

Deno.test("flowsText() shows BareUptime's flows as its policies have them", async () => {
  const text = await flowsText(rendered);
  assert.match(text, /^ {2}traefik +→ bareuptime-backend: bareuptime-backend +8080$/m);
  assert.match(text, /^ {2}backup-postgres +→ postgres +5432$/m);
  assert.match(text, /\d+ pairs are allowed, \d+ denied/);
});

Deno.test("flowsRecords() ends with the counts of what it lists", async () => {
  const records = await flowsRecords(rendered);
  assert.deepEqual(
    records.find(({ from, to }) =>
      from === "external-secrets-system/external-secrets" && to === "vault/vault"
    ),
    { from: "external-secrets-system/external-secrets", to: "vault/vault", ports: "8200" },
  );
  const last = records.at(-1)!;
  assert.equal(last["allowed"], records.filter(({ from, to }) => from !== to).length);
});

async function draw(cwd: string, file: string, dryRun = false): Promise<SlipwayEvent[]> {
  const events: SlipwayEvent[] = [];
  await drawFlows(rendered, { file, dryRun }, {
    cwd,
    emit: (event) => void events.push(event),
    now: () => Temporal.Instant.fromEpochMilliseconds(0),
  });
  return events;
}

Deno.test("drawFlows() writes a drawing once, and nothing on a dry run", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const [planned] = await draw(cwd, "flows.svg", true);
    assert.deepEqual(planned, {
      type: "change",
      phase: "plan",
      action: "created",
      subject: "flows.svg",
    });
    await assert.rejects(Deno.stat(`${cwd}/flows.svg`), Deno.errors.NotFound);

    assert.equal((await draw(cwd, "flows.svg")).at(-1)!["created" as never], 1);
    assert.match(await Deno.readTextFile(`${cwd}/flows.svg`), /^<svg [\s\S]*<\/svg>\n$/);
    assert.equal((await draw(cwd, "flows.svg")).at(-1)!["unchanged" as never], 1);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("drawFlows() refuses a file that is no SVG", async () => {
  await assert.rejects(
    draw("/", "flows.png"),
    (error: unknown) => error instanceof UsageError && error.message.includes("flows.png"),
  );
});
