import assert from "node:assert/strict";
import { forbiddenDirectives } from "../../../../tasks/shared/check/directives.ts";

/** Put together here, so that this file does not have what it tests for. */
const lint = "deno-lint" + "-ignore";
const fmt = "deno-fmt" + "-ignore";
const ts = "@" + "ts-";

const lines: [line: string, isForbidden: boolean][] = [
  [`// ${lint} layers/imports`, true],
  [`// ${lint} no-control-regex layers/globals -- it must be`, true],
  [`// ${lint}-file layers/imports`, true],
  [`// ${lint}`, true],
  [`// ${lint}-file`, true],
  [`/* ${lint}-file */`, true],
  [`// ${lint} -- because`, true],
  [`// ${fmt}`, true],
  [`// ${ts}ignore`, true],
  [`// ${ts}nocheck`, true],
  [`// ${ts}expect-error the type says so`, false],
  [`// ${lint} no-control-regex`, false],
  [`// ${lint} no-control-regex -- layers/imports stay on`, false],
  [`const rule = "layers/imports";`, false],
];

for (const [line, isForbidden] of lines) {
  Deno.test(`${line} is ${isForbidden ? "forbidden" : "allowed"}`, () => {
    const found = forbiddenDirectives({ path: "lib/a.ts", text: `first\n${line}\nlast` });
    assert.equal(found.length, isForbidden ? 1 : 0);
    if (isForbidden) assert.match(found[0]!, /^lib\/a\.ts:2: .* is not allowed here$/);
  });
}
