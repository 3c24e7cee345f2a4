import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { mergeKubeconfigs, parseKubeconfig } from "../../../lib/kube/connection/kubeconfig.ts";

const parse = (text: string, file = "/home/me/.kube/config") =>
  parseKubeconfig(text, { file, baseDir: "/home/me/.kube" });

Deno.test("a kubeconfig's entries are found by name, with the folder of their file", () => {
  const config = parse(`
current-context: shop
clusters: [{ name: c, cluster: { server: "https://203.0.113.5:6443" } }]
contexts: [{ name: shop, context: { cluster: c, user: u } }]
users: null
`);
  assert.equal(config.currentContext, "shop");
  assert.deepEqual(config.clusters.get("c"), {
    fields: { server: "https://203.0.113.5:6443" },
    file: "/home/me/.kube/config",
    baseDir: "/home/me/.kube",
  });
  assert.equal(config.users.size, 0);
});

Deno.test("JSON is a kubeconfig, too, and so is an empty file", () => {
  assert.equal(parse('{"current-context": "a"}').currentContext, "a");
  assert.equal(parse("").contexts.size, 0);
});

Deno.test("broken YAML is an error with file, line and column, and never quotes the text", () => {
  assert.throws(
    () => parse("users:\n- name: u\n  user: {token: s3cr3t\n"),
    (error) =>
      error instanceof UsageError &&
      /\/home\/me\/\.kube\/config:\d+:\d+: it is not valid YAML/.test(error.message) &&
      !error.message.includes("s3cr3t") && error.exitCode === 2,
  );
});

Deno.test("what is no kubeconfig is refused with what was found", () => {
  for (
    const [text, message] of [
      ["kind: Deployment", /its kind is Deployment, wanted Config/],
      ["just text", /the top level: found a string, wanted a mapping/],
      ["clusters: {}", /clusters: wanted a list/],
      ["users: [{ user: {} }]", /users\[0\]\.name: wanted a name/],
      ["users: [text]", /users\[0\]: found a string, wanted a mapping/],
      ["contexts: [{ name: a, context: [] }]", /contexts\[0\]\.context: found a list/],
      ["current-context: 5", /current-context: found a number, wanted a text/],
    ] as const
  ) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof UsageError && message.test(error.message),
      text,
    );
  }
});

Deno.test("merging takes each entry whole from the first file that has it", () => {
  const first = parse(
    "users: [{ name: u, user: { username: one } }, { name: only-here, user: {} }]",
    "/a",
  );
  const second = parse(
    "current-context: second\nusers: [{ name: u, user: { username: two, password: two } }]",
    "/b",
  );
  const merged = mergeKubeconfigs([first, second]);
  assert.deepEqual(merged.files, ["/a", "/b"]);
  assert.equal(merged.currentContext, "second");
  assert.deepEqual(merged.users.get("u")?.fields, { username: "one" });
  assert.equal(merged.users.get("u")?.file, "/a");
  assert.ok(merged.users.has("only-here"));
});
