import assert from "node:assert/strict";
import { secretPrompt } from "../../../tasks/shared/secret_prompt.ts";

/** A keyboard on which these chunks arrive, and what was shown. */
function terminal(...chunks: string[]) {
  const shown: string[] = [];
  const modes: boolean[] = [];
  const ask = secretPrompt({
    read(buffer) {
      const chunk = chunks.shift();
      if (chunk === undefined) return Promise.resolve(null);
      return Promise.resolve(new TextEncoder().encodeInto(chunk, buffer).written);
    },
    setRaw: (raw) => modes.push(raw),
  }, (text) => shown.push(text));
  return { ask, shown, modes };
}

Deno.test("a secret is taken as it was typed, and nothing of it is shown", async () => {
  const { ask, shown, modes } = terminal("h", "u", "nter", "2", "\r");
  assert.equal(await ask("Password"), "hunter2");
  assert.deepEqual(shown, ["Password: ", "\n"]);
  assert.deepEqual(modes, [true, false]);
});

Deno.test("a secret that is pasted with its line break is taken whole, and the next line answers the next question", async () => {
  const { ask } = terminal("hunter2\r\nhunter", "3\n");
  assert.equal(await ask("Password"), "hunter2");
  assert.equal(await ask("Again"), "hunter3");
});

Deno.test("keys that correct are obeyed, and those that only move are passed over", async () => {
  const { ask } = terminal(
    "xé\u007f\u007fhux\bnter\u001b[D\u001b[1;5C\u001bOA2\r",
    "wrong\u0015right\r",
  );
  assert.equal(await ask("Password"), "hunter2");
  assert.equal(await ask("Password"), "right");
});

Deno.test("Ctrl-C, and an end without an answer, interrupt, and the terminal is as it was", async () => {
  for (const keys of ["hunt\u0003", "\u0004", ""]) {
    const { ask, modes } = terminal(...keys === "" ? [] : [keys]);
    assert.equal(await ask("Password"), undefined);
    assert.deepEqual(modes, [true, false]);
  }
});

Deno.test("characters of every alphabet are taken, also where they come in parts", async () => {
  const { ask } = terminal("пароль-密码-🔑\r");
  assert.equal(await ask("Password"), "пароль-密码-🔑");
});
