import assert from "node:assert/strict";
import { ExitCode, UsageError } from "../../../lib/core/errors.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import {
  drawKeys,
  keysRecords,
  keysText,
  type PlatformKeys,
  readKeys,
  tellKeyFindings,
} from "../../../lib/flows/secrets/graph.ts";
import { keyGraphOf } from "../../../lib/review/recoverability/graph.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

const secret = { name: "keys", because: "it is simple" };
const shut: PlatformKeys = {
  graph: keyGraphOf(samplePlatform({ vaults: { vault: sampleVault({ initialize: { secret } }) } })),
  of: "demo, test",
};

function told(keys: PlatformKeys): { code: ExitCode; events: SlipwayEvent[] } {
  const events: SlipwayEvent[] = [];
  return { code: tellKeyFindings(keys, { emit: (event) => void events.push(event) }), events };
}

Deno.test("readKeys() reads a platform by its name, of which nothing is lost", async () => {
  const keys = await readKeys({ platform: "vikingthedev", env: "prod" }, { cwd: "/" });
  assert.equal(keys.of, "vikingthedev, prod");
  assert.match(
    keysText(keys),
    /the transit key of vault \(transit\/autounseal in the vault vault-bootstrap\)/,
  );
  assert.deepEqual(told(keys), { code: ExitCode.done, events: [] });
});

Deno.test("readKeys() wants an environment where there are several", async () => {
  await assert.rejects(readKeys({ platform: "vikingthedev" }, { cwd: "/" }), UsageError);
});

Deno.test("tellKeyFindings() tells what would be lost, with the remedy, and exits with 5", () => {
  const { code, events } = told(shut);
  assert.equal(code, ExitCode.differences);
  assert.match(JSON.stringify(events), /the shares of vault: .+ \(unseal-key-inside\)/);
  assert.ok(events.every((event) => "remedy" in event));
});

Deno.test("keysRecords() has each key, and each finding after them", () => {
  const records = keysRecords(shut);
  assert.deepEqual(records.map(({ type, id, kind, opened }) => [type, id, kind, opened]), [
    ["key", "shares/vault", "shares", false],
    ["key", "vault/vault", "vault", false],
    ["finding", "shares/vault", "unseal-key-inside", undefined],
    ["finding", "vault/vault", "key-without-backup", undefined],
  ]);
});

Deno.test("drawKeys() writes a drawing once, and refuses a file that is no SVG", async () => {
  const cwd = await Deno.makeTempDir();
  const draw = async (file: string) => {
    const events: SlipwayEvent[] = [];
    await drawKeys(shut, { file }, {
      cwd,
      emit: (event) => void events.push(event),
      now: () => Temporal.Instant.fromEpochMilliseconds(0),
    });
    return events.at(-1)!;
  };
  try {
    assert.equal((await draw("keys.svg"))["created" as never], 1);
    assert.equal((await draw("keys.svg"))["unchanged" as never], 1);
    assert.match(await Deno.readTextFile(`${cwd}/keys.svg`), /What opens what: demo, test/);
    await assert.rejects(draw("keys.png"), /the drawing is an SVG/);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
