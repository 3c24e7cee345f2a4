import assert from "node:assert/strict";
import { readAnswer } from "../../lib/store/http_answer.ts";

/** An answer that comes in pieces of a size. */
function answer(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return readAnswer(() => {
    const piece = bytes.subarray(at, at += size);
    return Promise.resolve(piece.length === 0 ? null : piece);
  });
}

const text = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);
const head = 'HTTP/1.1 200 OK\r\nETag: "e"\r\n';

for (const size of [1, 7, 4096]) {
  Deno.test(`readAnswer() reads answers in pieces of ${size} bytes`, async () => {
    const plain = await answer(`${head}Content-Length: 5\r\n\r\nhello`, size);
    assert.deepEqual([plain.statusCode, plain.headers["etag"], text(plain)], [200, '"e"', "hello"]);
    assert.ok(plain.reusable);
    const chunked =
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n`;
    assert.equal(text(await answer(chunked, size)), "hello!");
    const interim = `HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 0\r\n\r\n`;
    assert.equal((await answer(interim, size)).statusCode, 200);
    const closed = await answer(`${head}Connection: close\r\nContent-Length: 0\r\n\r\n`, size);
    assert.equal(closed.reusable, false);
    const unmeasured = await answer(`${head}\r\nall of it`, size);
    assert.deepEqual([text(unmeasured), unmeasured.reusable], ["all of it", false]);
  });
}

Deno.test("readAnswer() does not take what is cut off for whole", async () => {
  const whole = [
    `${head}Content-Length: 5\r\n\r\nhello`,
    `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  ];
  for (const each of whole) {
    for (let end = 0; end < each.length; end++) {
      await assert.rejects(answer(each.slice(0, end), 4096), { code: "ECONNRESET" }, `at ${end}`);
    }
  }
});

Deno.test("readAnswer() refuses what is no HTTP", () =>
  assert.rejects(answer("SSH-2.0-OpenSSH\r\n\r\n", 4096), { code: "EPROTO" }));
