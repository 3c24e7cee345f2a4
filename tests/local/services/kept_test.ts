import assert from "node:assert/strict";
import { forgetService, keepService, keptServices } from "../../../lib/local/services/kept.ts";
import type { Service } from "../../../lib/local/services/service.ts";
import { inScratch } from "../scratch.ts";

const service = (name: string): Service => ({
  name,
  program: "vault",
  args: ["server"],
  folder: `volumes/${name}`,
  listensAt: { address: "127.1.2.3", port: 8200 },
});

Deno.test("services are kept by name until they are forgotten, and only their owner may read them", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await keptServices(folder), []);
    await keepService(folder, service("b"));
    await keepService(folder, service("a"));
    await keepService(folder, { ...service("b"), args: ["agent"] });
    assert.deepEqual(await keptServices(folder), [
      service("a"),
      { ...service("b"), args: ["agent"] },
    ]);
    assert.equal((await Deno.stat(`${folder}/services/a.json`)).mode! & 0o777, 0o600);
    assert.equal(await forgetService(folder, "a"), true);
    assert.equal(await forgetService(folder, "a"), false);
    assert.deepEqual((await keptServices(folder)).map(({ name }) => name), ["b"]);
  }));

Deno.test("a damaged description of a service is named, with what to do", () =>
  inScratch(async (folder) => {
    await keepService(folder, service("a"));
    await Deno.writeTextFile(`${folder}/services/a.json`, "{");
    await assert.rejects(keptServices(folder), /services\/a\.json: it is no JSON/);
  }));
