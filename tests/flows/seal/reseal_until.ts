/** Reseal the files of a folder, and end like a process that is killed after some of them. */
import { resealSecrets } from "../../../lib/flows/seal/reseal_secrets.ts";
import { testContext } from "../../context.ts";

const [root = "", count = "0"] = Deno.args;
const rename = Deno.rename;
let done = 0;
Deno.rename = async (from, to) => {
  if (done++ === Number(count)) Deno.exit(137);
  await rename(from, to);
};
await resealSecrets(
  { paths: ["deploy"], keys: ["keys/old.txt", "keys/new.txt"] },
  testContext({ cwd: root }),
);
