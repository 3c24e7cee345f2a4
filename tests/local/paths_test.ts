import assert from "node:assert/strict";
import { SlipwayError, UsageError } from "../../lib/core/errors.ts";
import { clusterFolder, localFolders } from "../../lib/local/paths.ts";

const of = (variables: Record<string, string>) => localFolders((name) => variables[name]);

Deno.test("state and cache live below the XDG folders", () => {
  assert.deepEqual(of({ HOME: "/h", XDG_STATE_HOME: "/s", XDG_CACHE_HOME: "/c" }), {
    stateDir: "/s/slipway",
    cacheDir: "/c/slipway",
  });
});

Deno.test("without XDG folders, or with relative ones, state and cache live below HOME", () => {
  const expected = { stateDir: "/h/.local/state/slipway", cacheDir: "/h/.cache/slipway" };
  assert.deepEqual(of({ HOME: "/h" }), expected);
  assert.deepEqual(of({ HOME: "/h", XDG_STATE_HOME: "s", XDG_CACHE_HOME: "" }), expected);
});

Deno.test("without any folder the error names the variables", () => {
  assert.throws(
    () => of({}),
    (error) => error instanceof SlipwayError && /XDG_STATE_HOME nor HOME/.test(error.message),
  );
});

Deno.test("the name of a cluster cannot lead out of the folder of clusters", () => {
  assert.equal(clusterFolder("/s", "a-1"), "/s/clusters/a-1");
  for (const name of ["", "..", "a/b", "A", "-a", "a-", "a.lock", "x".repeat(41)]) {
    assert.throws(() => clusterFolder("/s", name), UsageError, name);
  }
});
