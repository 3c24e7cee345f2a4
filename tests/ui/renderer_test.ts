import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import { createRenderer } from "../../lib/ui/mod.ts";
import { fakeClock, fakeScreen } from "./fakes.ts";

function setup(
  { json = false, isTerminal = false, env = {} as Record<string, string> } = {},
) {
  const stdout = fakeScreen({ isTerminal });
  const stderr = fakeScreen({ isTerminal });
  const redactor = createRedactor();
  const renderer = createRenderer({
    json,
    stdout,
    stderr,
    clock: fakeClock(),
    env: (name) => env[name],
    redact: redactor.redact,
  });
  return { stdout, stderr, renderer, redactor };
}

const started = { type: "stage", stage: "Plan", state: "started" } as const;
const ended = { type: "stage", stage: "Plan", state: "done", durationMs: 5 } as const;

Deno.test("with --json standard output has one JSON object a line and nothing else", () => {
  const { stdout, stderr, renderer } = setup({ json: true, isTerminal: true });
  const summary = { type: "summary", created: 1, note: "two\nlines" } as const;
  renderer.emit(started);
  renderer.emit({ type: "change", phase: "plan", action: "unchanged", subject: "Namespace a" });
  renderer.emit(summary);
  renderer.close();
  renderer.end();
  assert.deepEqual(stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    started,
    { type: "change", phase: "plan", action: "unchanged", subject: "Namespace a" },
    summary,
  ]);
  assert.equal(stderr.text, "");
});

Deno.test("with --json a problem is one object for programs and lines for people", () => {
  const { stdout, stderr, renderer } = setup({ json: true });
  renderer.problem({ message: "no", remedy: "do", exitCode: 4, retryable: true, stack: "at x" });
  assert.deepEqual(JSON.parse(stdout.text), {
    type: "error",
    message: "no",
    remedy: "do",
    exitCode: 4,
    retryable: true,
  });
  assert.equal(stderr.text, "error: no\n  remedy: do\nat x\n");
});

Deno.test("with --json the summary is the last line, also of a run that fails", () => {
  const { stdout, renderer } = setup({ json: true });
  renderer.emit({ type: "summary", failed: 1 });
  renderer.close();
  renderer.problem({ message: "no", exitCode: 1, retryable: false });
  renderer.end();
  const types = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ["error", "summary"]);
});

Deno.test("with --json each of several things has its summary", () => {
  const { stdout, renderer } = setup({ json: true });
  for (const backup of ["one", "two"]) renderer.emit({ type: "summary", backup });
  renderer.end();
  const backups = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line).backup);
  assert.deepEqual(backups, ["one", "two"]);
});

Deno.test("on a terminal lines move; in CI, on a dumb terminal and elsewhere they do not", () => {
  const moves = (env: Record<string, string>, isTerminal = true) => {
    const { stderr, renderer } = setup({ isTerminal, env });
    renderer.emit(started);
    renderer.emit(ended);
    return stderr.text.includes("\u001b[");
  };
  assert.equal(moves({ TERM: "xterm-256color" }), true);
  assert.equal(moves({ TERM: "xterm-256color", CI: "" }), true);
  assert.equal(moves({ TERM: "xterm-256color", CI: "true" }), false);
  assert.equal(moves({ TERM: "dumb" }), false);
  assert.equal(moves({}, false), false);
});

Deno.test("NO_COLOR takes the colours and leaves the movement", () => {
  const { stderr, stdout, renderer } = setup({ isTerminal: true, env: { NO_COLOR: "1" } });
  renderer.emit(started);
  renderer.emit(ended);
  renderer.emit({ type: "change", phase: "plan", action: "created", subject: "Namespace a" });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stderr.text + stdout.text, /\u001b\[[0-9;]*m/);
  assert.ok(stderr.text.includes("\u001b[?25l"));
});

Deno.test("colours are there on a terminal that may have them", () => {
  const { stdout, renderer } = setup({ isTerminal: true, env: { TERM: "xterm" } });
  renderer.emit({ type: "change", phase: "plan", action: "created", subject: "Namespace a" });
  assert.equal(stdout.text, "\u001b[32m+ Namespace a created\u001b[39m\n");
});

for (const kind of ["json", "live", "plain"]) {
  Deno.test(`no secret leaves by ${kind} output, not even where a text is cut or escaped`, () => {
    const { stdout, stderr, renderer, redactor } = setup({
      json: kind === "json",
      isTerminal: kind === "live",
    });
    const secret = 'hunter"two\\three-four-five-six-seven-eight-nine-ten';
    redactor.add(secret);
    renderer.emit({ ...started, detail: `${"x".repeat(50)}${secret}` });
    renderer.emit({ type: "note", level: "warning", message: secret, remedy: secret });
    renderer.emit({
      type: "table",
      title: secret,
      columns: ["a"],
      rows: [[`${"x".repeat(60)}${secret}`]],
    });
    renderer.emit({
      type: "change",
      phase: "plan",
      action: "configured",
      subject: "Secret a/b",
      because: secret,
      diff: [secret],
    });
    renderer.emit({ type: "summary", nested: { deep: [secret] } });
    renderer.print(`password: ${secret}`);
    renderer.problem({ message: secret, exitCode: 1, retryable: false, stack: secret });
    renderer.close();
    assert.doesNotMatch(stdout.text + stderr.text, /hunter|three-four/);
    assert.match(stdout.text, /\*{8}/);
  });
}
