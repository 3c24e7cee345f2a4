import assert from "node:assert/strict";
import type { Context } from "../../../lib/core/context.ts";
import { newValue } from "../../../lib/flows/secrets/new_value.ts";
import { testContext } from "../../context.ts";

function contextWith(...answers: string[]): Context {
  return testContext({ askSecret: () => Promise.resolve(answers.shift() ?? "") });
}

Deno.test("newValue() makes 32 letters and digits, which the redactor knows", async () => {
  const context = contextWith();
  const value = await newValue({}, context);
  assert.match(value, /^[A-Za-z0-9]{32}$/);
  assert(!context.redactor.redact(`it is ${value}`).includes(value));
  assert.notEqual(await newValue({}, context), value);
  assert.match(await newValue({ length: 40, alphabet: "hex" }, context), /^[0-9a-f]{40}$/);
});

Deno.test("newValue() refuses what could be guessed, and says how long it must be", async () => {
  await assert.rejects(
    newValue({ length: 12 }, contextWith()),
    (error: Error & { remedy?: string }) =>
      /71 bits, wanted 112/.test(error.message) && /at least 19$/.test(error.remedy ?? ""),
  );
  await newValue({ length: 19 }, contextWith());
});

Deno.test("newValue() asks twice", async () => {
  assert.equal(await newValue({ prompt: true }, contextWith("typed", "typed")), "typed");
  await assert.rejects(
    newValue({ prompt: true }, contextWith("typed", "typde")),
    /not typed the same twice/,
  );
  await assert.rejects(newValue({ prompt: true }, contextWith("", "")), /empty value/);
});

Deno.test("newValue() takes a file without its last line break", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "two\nlines\n");
    assert.equal(await newValue({ valueFile: file }, contextWith()), "two\nlines");
  } finally {
    await Deno.remove(file);
  }
  await assert.rejects(newValue({ valueFile: "absent" }, contextWith()), /from absent: /);
});
