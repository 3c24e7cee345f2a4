import assert from "node:assert/strict";
import type { Context } from "../../lib/core/context.ts";
import { UsageError } from "../../lib/core/errors.ts";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import { newPlatform } from "../../lib/flows/new_platform.ts";
import { PlatformInvalid } from "../../lib/platform/mistake.ts";

const template = `name: monobase
domain: myclient.com
environments: { prod: {} }
namespaces: { $(name)-$(environment): { podSecurity: restricted } }
`;

async function inFolder(act: (folder: string, context: Context) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const events: SlipwayEvent[] = [];
  try {
    await Deno.writeTextFile(`${folder}/monobase.yaml`, template);
    const context = { cwd: folder, emit: (event: SlipwayEvent) => events.push(event) };
    await act(folder, context as unknown as Context);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const request = { from: "./monobase.yaml", client: "acme", out: "acme/platform.yaml" };

Deno.test("newPlatform() writes a file for the client, into a folder that is not there yet", async () => {
  await inFolder(async (folder, context) => {
    await newPlatform(request, context);
    const text = await Deno.readTextFile(`${folder}/acme/platform.yaml`);
    assert.match(text, /^name: acme\ndomain: acme\.com\n/);
  });
});

Deno.test("newPlatform() never writes over a file", async () => {
  await inFolder(async (folder, context) => {
    await newPlatform(request, context);
    await assert.rejects(newPlatform({ ...request, domain: "other.com" }, context), UsageError);
    assert.match(await Deno.readTextFile(`${folder}/acme/platform.yaml`), /domain: acme\.com/);
  });
});

Deno.test("newPlatform() writes nothing in a dry run, and nothing that is no platform", async () => {
  await inFolder(async (folder, context) => {
    await newPlatform({ ...request, dryRun: true }, context);
    await assert.rejects(
      newPlatform({ ...request, client: "Acme Ltd" }, context),
      (error: unknown) => error instanceof UsageError && /acme-ltd/.test(error.remedy ?? ""),
    );
    await assert.rejects(newPlatform({ ...request, domain: "acme" }, context), PlatformInvalid);
    await assert.rejects(Deno.stat(`${folder}/acme`), Deno.errors.NotFound);
  });
});
