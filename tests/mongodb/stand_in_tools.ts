import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Write programs `mongodump` and `mongorestore` into a folder, which stand in for the real ones on a server in a file. */
export async function writeMongodbTools(folder: string, serverFile: string): Promise<void> {
  const script = fileURLToPath(import.meta.resolve("./stand_in.ts"));
  const config = fileURLToPath(import.meta.resolve("../../deno.json"));
  const deno = `'${Deno.execPath()}' run -q -A --no-check --config '${config}'`;
  for (const tool of ["mongodump", "mongorestore"]) {
    await Deno.writeTextFile(
      join(folder, tool),
      `#!/bin/sh\nexec ${deno} '${script}' ${tool} '${serverFile}' "$@"\n`,
      { mode: 0o755 },
    );
  }
}
