import assert from "node:assert/strict";
import { NotTold, send } from "../../lib/notify/send.ts";
import { startReceiver } from "./receiver.ts";

const notification = (url: string) => ({
  ...{ url, receiver: "the webhook", contentType: "text/plain", body: "done" },
});
const options = () => ({ signal: new AbortController().signal, random: () => 1 });

/** The failure of a notification, whose secret must not be in it. */
async function failure(url: string, more: { timeoutMs?: number } = {}): Promise<NotTold> {
  try {
    await send(notification(`${url}/services/sEcReT?key=sEcReT`), { ...options(), ...more });
  } catch (error) {
    assert.ok(error instanceof NotTold);
    assert.ok(!`${error.message} ${error.remedy} ${error.stack}`.includes("sEcReT"), error.stack);
    return error;
  }
  throw new Error("it was told");
}

Deno.test("send() tries again where that may help, and waits as long as it is asked to", async () => {
  await using receiver = startReceiver((_, count) =>
    count < 3
      ? new Response("", { status: count === 1 ? 503 : 429, headers: { "retry-after": "0" } })
      : new Response("OK")
  );
  await send(notification(receiver.url), options());
  assert.deepEqual(receiver.told.map(({ body }) => body), ["done", "done", "done"]);
});

Deno.test("send() takes a refusal for one, and follows nobody elsewhere", async () => {
  for (
    const [status, headers] of [[404, {}], [302, { location: "http://127.0.0.1:1/" }]] as const
  ) {
    await using receiver = startReceiver(() => new Response("", { status, headers }));
    const { message, remedy } = await failure(receiver.url);
    assert.match(message, new RegExp(`^Cannot tell the webhook at http://127.*answered ${status}`));
    assert.match(remedy ?? "", /correct its URL/);
    assert.equal(receiver.told.length, 1);
  }
});

Deno.test("send() says who is silent or away, and shows no more of the URL than its origin", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const slow = await failure(`http://127.0.0.1:${port}`, { timeoutMs: 30 });
  assert.match(slow.message, /no answer within 0.03 s$/);

  silent.close();
  const { message, remedy } = await failure(`http://127.0.0.1:${port}`);
  assert.match(
    message,
    new RegExp(`^Cannot tell the webhook at http://127.0.0.1:${port}: .*refused`),
  );
  assert.match(remedy ?? "", /reachable from here/);
});
