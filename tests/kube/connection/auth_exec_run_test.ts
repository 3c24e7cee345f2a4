import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { runPlugin } from "../../../lib/kube/connection/auth_exec_run.ts";

function script(code: string) {
  return { command: Deno.execPath(), args: ["eval", code], env: { PLAIN: "set" }, source: "/kc" };
}

function running(signal = new AbortController().signal) {
  const redactor = createRedactor();
  redactor.add("s3cr3t");
  return { env: { KUBERNETES_EXEC_INFO: "{}" }, terminal: false, redactor, signal };
}

Deno.test("a plugin gets its environment, and its output is returned", async () => {
  const code = `console.log(Deno.env.get("PLAIN"), Deno.env.get("KUBERNETES_EXEC_INFO"))`;
  assert.equal(await runPlugin(script(code), running()), "set {}\n");
});

Deno.test("a missing plugin is an error whose remedy is the installHint", async () => {
  const missing = { command: "no-such-plugin-here", args: [], env: {}, source: '/kc, user "a"' };
  await assert.rejects(
    runPlugin({ ...missing, installHint: "brew install it\n" }, running()),
    (error) =>
      error instanceof SlipwayError && error.remedy === "brew install it" &&
      error.message ===
        'Cannot run the exec plugin no-such-plugin-here of /kc, user "a": there is no such command',
  );
  await assert.rejects(
    runPlugin(missing, running()),
    (error) => error instanceof SlipwayError && /install no-such-plugin-here/.test(error.remedy!),
  );
});

Deno.test("a plugin that fails is quoted without secrets", async () => {
  const code = `console.error("login of s3cr3t has ended"); Deno.exit(3)`;
  await assert.rejects(
    runPlugin(script(code), running()),
    (error) =>
      error instanceof SlipwayError && /exited with 3: login of \*+ has ended/.test(error.message),
  );
});

Deno.test("a plugin that waits for ever ends with its signal", async () => {
  const controller = new AbortController();
  const waiting = runPlugin(
    script(`await new Promise(() => setInterval(() => {}, 1000))`),
    running(controller.signal),
  );
  controller.abort();
  await assert.rejects(waiting, SlipwayError);
});
