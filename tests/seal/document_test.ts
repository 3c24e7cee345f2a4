import assert from "node:assert/strict";
import { readDocuments, writeDocuments } from "../../lib/seal/document.ts";
import { Malformed } from "../../lib/seal/errors.ts";
import { secretOf } from "../../lib/seal/secret.ts";
import { readText, writeText } from "../../lib/seal/texts.ts";

const secret = (name: string) => ({ apiVersion: "v1", kind: "Secret", metadata: { name } });

const names = (text: string) =>
  readDocuments(text, "x").map(({ value }) => (value["metadata"] as { name: string }).name);

Deno.test("documents are read from a stream of YAML, empty ones left out", () => {
  const text = `# all of them\n---\n${writeDocuments([secret("a")], "yaml")}---\n---\n${
    writeDocuments([secret("b")], "yaml")
  }`;
  assert.deepEqual(names(text), ["a", "b"]);
  assert.deepEqual(
    readDocuments(text, "x.yaml").map(({ place }) => place),
    ["x.yaml, object 1", "x.yaml, object 2"],
  );
});

Deno.test("documents are read from JSON, one after the other, with braces in their texts", () => {
  const [a, b] = [{ ...secret("a"), stringData: { x: '}{"\\' } }, secret("b")];
  assert.deepEqual(names(JSON.stringify(a) + JSON.stringify(b)), ["a", "b"]);
  assert.deepEqual(names(writeDocuments([a, b], "json")), ["a", "b"]);
});

Deno.test("lists of every kind are taken apart, and typed ones say what their items are", () => {
  const item = { metadata: { name: "a" } };
  const list = { apiVersion: "v1", kind: "List", items: [secret("a"), secret("b")] };
  const typed = { apiVersion: "v1", kind: "SecretList", metadata: {}, items: [item] };
  const documents = readDocuments(writeDocuments([list, typed], "yaml"), "x");
  assert.deepEqual(
    documents.map(({ document, path }) => [document, ...path]),
    [[0, "items", "0"], [0, "items", "1"], [1, "items", "0"]],
  );
  assert.deepEqual(documents[2]!.value, { ...secret("a"), ...item });
});

Deno.test("nothing of a text that cannot be read is shown, since it may be a secret", async () => {
  const broken = [
    "password: *hunter2",
    "a: !hunter2 b",
    '{"a": hunter2}',
    '{"a": "b" "hunter2"}',
    "a: [hunter2",
    "a: 'hunter2",
    "hunter2",
    "a: @hunter2",
    "a: b: hunter2",
    "hunter2: 1\nhunter2: 2",
    "\thunter2: 1",
    'a: "\\hunter2"',
    "- hunter2",
  ];
  for (const text of broken) {
    await assert.rejects(
      readText(text, "x.yaml").then(([document]) => secretOf(document!)),
      (error) => {
        assert.ok(error instanceof Malformed, text);
        const shown = `${error.stack} ${error.remedy} ${error.cause}`;
        assert.ok(!shown.includes("hunter2"), shown);
        assert.match(error.message, /x\.yaml/);
        return true;
      },
    );
  }
});

Deno.test("what is written is read again to the same, in both forms", async () => {
  const values = [{ ...secret("a"), data: { on: "yes", "0x1": "1_0", z: "a\nb\n", list: [1] } }];
  for (const format of ["json", "yaml"] as const) {
    const text = await writeText(values, format);
    assert.deepEqual((await readText(text, "x")).map(({ value }) => value), values);
  }
});
