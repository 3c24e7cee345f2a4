import assert from "node:assert/strict";
import { projectFolder } from "../../tasks/shared/project.ts";

/** Start the patient task, and read its standard error line by line. */
function startPatient(...args: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--allow-all", "tests/tasks/patient_task.ts", ...args],
    cwd: projectFolder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    child,
    /** Wait until standard error has a text. */
    async until(wanted: string) {
      while (!text.includes(wanted)) {
        const { value, done } = await reader.read();
        assert.ok(!done, `ended before "${wanted}": ${text}`);
        text += value;
      }
    },
    /** Wait for the end; all of standard error. */
    async end() {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
      return { ...await child.status, text };
    },
  };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} lets a task end in order, with 130`, async () => {
    const { child, until, end } = startPatient();
    await until("Wait ...");
    child.kill(signal);
    const { code, text } = await end();
    assert.equal(code, 130);
    assert.match(text, /Wait: stopped after .*\nerror: Interrupted\n$/);
  });
}

Deno.test("a second Ctrl-C forces a stubborn task to end; one of the same key press does not", async () => {
  const { child, until, end } = startPatient("--stubborn");
  await until("Wait ...");
  child.kill("SIGINT");
  await until("press Ctrl-C again");
  child.kill("SIGINT");
  // Time itself is what is tested here: only an interrupt that is a second older counts.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  child.kill("SIGINT");
  const { code } = await end();
  assert.equal(code, 130);
});
