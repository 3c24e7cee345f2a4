import assert from "node:assert/strict";
import { readArguments, type TaskTable } from "../../../tasks/shared/option_table.ts";

const table: TaskTable = {
  name: "sample",
  summary: "A sample",
  options: [
    { flags: "-o, --format <form>", about: "", choices: ["json", "yaml"] },
    { flags: "-f, --secret-file <path>", about: "", many: true },
    { flags: "--key <file>", about: "", many: true, commas: true },
    { flags: "--raw", about: "" },
    { flags: "--where <name>", about: "", otherwise: "here" },
  ],
  examples: [],
};

const read = (...args: string[]) => readArguments(table, args)?.options;

Deno.test("plain options are read by their names in camel case", () => {
  assert.deepEqual(read(), { where: "here" });
  assert.deepEqual(
    read("-o", "yaml", "--raw", "--secret-file=a=b", "-f", "c", "--where", "there"),
    {
      where: "there",
      format: "yaml",
      raw: true,
      secretFile: ["a=b", "c"],
    },
  );
  assert.deepEqual(read("--key", "a,b", "--key=c", "--json"), {
    where: "here",
    key: ["a", "b", "c"],
    json: true,
  });
});

Deno.test("a value may look like an option, since it stands behind one that takes it", () => {
  assert.deepEqual(read("-f", "-"), { where: "here", secretFile: ["-"] });
});

Deno.test("whatever is not plain and correct is left to the library", () => {
  const others = [
    ["--help"],
    ["-h"],
    ["--verbose"],
    ["--timeout", "5s"],
    ["--formt", "json"],
    ["--format"],
    ["--format", "xml"],
    ["-oyaml"],
    ["-o=yaml"],
    ["--raw=true"],
    ["word"],
    ["--"],
  ];
  for (const args of others) assert.equal(readArguments(table, args), undefined, args.join(" "));
});

Deno.test("arguments besides options are read where the task takes some", () => {
  const taking = { ...table, rest: { flags: "[key...]", about: "" } };
  assert.deepEqual(readArguments(taking, ["a", "--raw", "b"]), {
    options: { where: "here", raw: true },
    rest: ["a", "b"],
  });
});
