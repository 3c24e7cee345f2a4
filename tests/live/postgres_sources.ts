import { SlipwayError } from "../../lib/core/errors.ts";
import { exists } from "../../lib/local/files.ts";
import { localFolders } from "../../lib/local/paths.ts";
import { hostContext } from "../context.ts";
import { runHere } from "../../lib/local/run_program.ts";

/** No binary package of Debian has the regression tests, so they come from the package of the sources. */
const source = "postgresql-15";
const lists = "deb-src http://deb.debian.org/debian bookworm main\n";

/**
 * Folder with Postgres's own regression tests: `sql`, `data`, and the order in `parallel_schedule`. They come from
 * Debian's source package at the first time, and from the cache then.
 *
 * @throws {SlipwayError} when the package cannot be had
 */
export async function regressionTests(): Promise<string> {
  const { cacheDir } = localFolders((name) => Deno.env.get(name));
  const parent = `${cacheDir}/deb-src/${source}`;
  const target = `${parent}/regress`;
  if (await exists(target)) return target;
  await Deno.mkdir(parent, { recursive: true });
  const workplace = await Deno.makeTempDir({ dir: parent, prefix: "making-" });
  try {
    const apt = await ownLists(workplace);
    await must(["apt-get", ...apt, "update"]);
    const known = await must(["apt-cache", ...apt, "showsrc", source]);
    const files = known.split("\n").flatMap((line) =>
      /(\S+\.orig\.tar\.bz2)$/.exec(line)?.[1] ?? []
    );
    const [archive] = files;
    const [, version] = /^Version: (\S+)$/m.exec(known) ?? [];
    if (archive === undefined || version === undefined) {
      throw new SlipwayError(
        `Cannot get the sources of ${source}: Debian's lists do not have them`,
      );
    }
    await must(["apt-get", ...apt, "source", "--download-only", `${source}=${version}`], workplace);
    await must(
      ["tar", "-xjf", archive, "--wildcards", "--strip-components=4", "*/src/test/regress/*"],
      workplace,
    );
    await Deno.mkdir(`${workplace}/regress`);
    for (const name of ["sql", "data", "parallel_schedule"]) {
      await Deno.rename(`${workplace}/${name}`, `${workplace}/regress/${name}`);
    }
    await Deno.rename(`${workplace}/regress`, target);
    return target;
  } finally {
    await Deno.remove(workplace, { recursive: true });
  }
}

/** Source: apt.conf(5), "Directories". */
async function ownLists(folder: string): Promise<string[]> {
  for (const made of ["lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(`${folder}/${made}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/sources.list`, lists);
  return [
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
  ].flatMap((option) => ["-o", option]);
}

async function must(argv: string[], cwd = "/"): Promise<string> {
  const world = hostContext();
  const inFolder: [string, ...string[]] = ["env", `--chdir=${cwd}`, ...argv];
  const { stdout } = await runHere(world)({ argv: inFolder, label: argv[0]! }, world);
  return await new Response(stdout).text();
}
