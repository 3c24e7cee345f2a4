/** Reseal the files of a folder, and end like a process that is killed after some of them. */
import { resealSecrets } from "../../../lib/flows/seal/reseal_secrets.ts";
import { createRedactor } from "../../../lib/core/redact.ts";

const [root = "", count = "0"] = Deno.args;
const rename = Deno.rename;
let done = 0;
Deno.rename = async (from, to) => {
  if (done++ === Number(count)) Deno.exit(137);
  await rename(from, to);
};
await resealSecrets({ paths: ["deploy"], keys: ["keys/old.txt", "keys/new.txt"] }, {
  emit: () => {},
  signal: new AbortController().signal,
  now: Temporal.Now.instant,
  random: Math.random,
  env: () => undefined,
  cwd: root,
  redactor: createRedactor(),
  confirm: () => Promise.resolve(true),
  askSecret: () => Promise.resolve(""),
});
