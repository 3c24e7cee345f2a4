const projectUrl = new URL("../../", import.meta.url);

/** A file of the project, by its path from the project's folder. */
export function projectFile(path: string): URL {
  return new URL(path, projectUrl);
}

/** The project's folder as a path of the file system. */
export const projectFolder: string = decodeURIComponent(projectUrl.pathname);

/**
 * Paths of the project's own files with one of these endings, below some of its
 * folders, sorted; hidden folders and installed packages are left out.
 */
export async function projectPaths(
  folders: readonly string[],
  ending: string,
): Promise<string[]> {
  const paths: string[] = [];
  const visit = async (folder: string) => {
    for await (const entry of Deno.readDir(projectFile(`${folder}/`))) {
      const path = `${folder}/${entry.name}`;
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      if (entry.isDirectory) await visit(path);
      else if (entry.isFile && path.endsWith(ending)) paths.push(path);
    }
  };
  for (const folder of folders) await visit(folder);
  return paths.sort();
}
