import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { convergeService } from "../../../lib/local/services/converge.ts";
import type { Service } from "../../../lib/local/services/service.ts";
import { withFolder } from "../../folder.ts";

Deno.test("a service whose address somebody else has is not started, and the other is not taken for it", () =>
  withFolder(async (folder) => {
    using other = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const { port } = other.addr as Deno.NetAddr;
    const listensAt = { address: "127.77.0.1", port };
    const service = {
      name: "vault-0",
      program: "false",
      args: [],
      listensAt,
    } as unknown as Service;
    const converging = convergeService({ folder, id: crypto.randomUUID() }, service, {
      secrets: () => Promise.resolve({ files: {}, env: {} } as never),
      env: {},
      signal: AbortSignal.timeout(10_000),
    });
    await assert.rejects(converging, (error) => {
      assert.ok(error instanceof SlipwayError, String(error));
      assert.equal(
        error.message,
        `Cannot start vault-0: another program listens on 127.77.0.1:${port}, or on that port of all addresses`,
      );
      assert.match(error.remedy!, /ss -ltnp/);
      return true;
    });
    assert.deepEqual(Array.from(Deno.readDirSync(folder)), []);
  }));
