import { pathToFileURL } from "node:url";
import { projectFolder } from "../project.ts";

/** How many files share an isolate: the more, the seldomer the same modules are loaded; there must be enough isolates for all cores. */
const filesTogether = 40;

/**
 * Gather test files in modules that import them, since each isolate loads all of its modules anew, which costs
 * more than most tests do. A test is still reported with the file that it stands in.
 *
 * @param files paths from the project's folder
 * @param folder where the modules are written
 * @returns what `deno test` is to run: the files themselves where they are few
 */
export async function shareIsolates(files: readonly string[], folder: string): Promise<string[]> {
  if (files.length <= filesTogether) return [...files];
  const modules: string[] = [];
  for (let first = 0; first < files.length; first += filesTogether) {
    const path = `${folder}/part_${modules.length + 1}_test.ts`;
    const imports = files.slice(first, first + filesTogether)
      .map((file) => `import "${pathToFileURL(`${projectFolder}${file}`).href}";\n`);
    await Deno.writeTextFile(path, imports.join(""));
    modules.push(path);
  }
  return modules;
}
