/** Write the rows of the architecture documents in a folder: `deno run -A tests/coverage/write_index.ts FOLDER`. */
import { extractRows } from "./extract.ts";
import { printIndex } from "./table.ts";

const [folder] = Deno.args;
for await (const { name } of Deno.readDir(folder!)) {
  const rows = extractRows(await Deno.readTextFile(`${folder}/${name}`));
  const file = new URL(`index/${name.replace(/\.md$/, "")}.tsv`, import.meta.url);
  await Deno.writeTextFile(file, printIndex(rows));
}
