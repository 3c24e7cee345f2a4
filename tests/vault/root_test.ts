import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import { generateRoot } from "../../lib/vault/root.ts";
import { WrongShares } from "../../lib/vault/unseal.ts";
import { fakeServer } from "./fake_server.ts";

const redactor = createRedactor();
const attempt = "sys/generate-root/attempt";
const begun = { started: true, nonce: "n0nce", otp: "0123456789", required: 2 };

/** A token as Vault encodes it: XORed with the one-time password, in base64 without padding. */
function encode(token: string, otp: string): string {
  const bytes = new TextEncoder().encode(token)
    .map((byte, index) => byte ^ otp.charCodeAt(index));
  return bytes.toBase64().replaceAll("=", "");
}

Deno.test("a root token is decoded with the one-time password, and hidden from then on", async () => {
  const server = fakeServer("vault-0");
  server.state.answers[`PUT ${attempt}`] = [200, begun];
  server.state.answers["PUT sys/generate-root/update"] = [200, {
    complete: true,
    encoded_root_token: encode("hvs.root01", begun.otp),
  }];
  assert.equal(await generateRoot(server.client, ["one", "two"], { redactor }), "hvs.root01");
  assert.equal(redactor.redact("it is hvs.root01"), "it is ********");
  assert.ok(!server.calls.includes(`DELETE ${attempt}`));
});

Deno.test("with too few shares, or wrong ones, no attempt stays open", async () => {
  const server = fakeServer("vault-0");
  server.state.answers[`PUT ${attempt}`] = [200, begun];
  server.state.answers[`DELETE ${attempt}`] = [204, undefined];
  server.state.answers["PUT sys/generate-root/update"] = [200, { complete: false, progress: 1 }];
  await assert.rejects(
    generateRoot(server.client, ["one"], { redactor }),
    /it needs 2 shares, there are 1/,
  );
  assert.equal(server.calls.at(-1), `DELETE ${attempt}`);
  server.state.answers["PUT sys/generate-root/update"] = [400, {
    errors: ["root generation aborted: message authentication failed"],
  }];
  await assert.rejects(generateRoot(server.client, ["one", "x"], { redactor }), WrongShares);
  assert.equal(server.calls.at(-1), `DELETE ${attempt}`);
});

Deno.test("an attempt of somebody else is left to them", async () => {
  const server = fakeServer("vault-0");
  server.state.answers[`PUT ${attempt}`] = [400, {
    errors: ["root generation already in progress"],
  }];
  await assert.rejects(
    generateRoot(server.client, ["one"], { redactor }),
    /somebody else is at it/,
  );
  assert.ok(!server.calls.includes(`DELETE ${attempt}`));
});
