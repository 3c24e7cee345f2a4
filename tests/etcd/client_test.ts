import assert from "node:assert/strict";
import { createEtcdClient } from "../../lib/etcd/client.ts";
import { SlipwayError } from "../../lib/core/errors.ts";

Deno.test("an etcd that is silent is not waited for without end", async () => {
  const gone = new AbortController();
  const silent = Promise.withResolvers<Response>();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: gone.signal, onListen() {} },
    () => silent.promise,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  using client = createEtcdClient({ url }, { timeoutMs: 30 });
  await assert.rejects(
    client.call("maintenance/status", {}, gone),
    (error) => error instanceof SlipwayError && /no answer within 0.03 s/.test(error.message),
  );
  silent.resolve(new Response());
});
