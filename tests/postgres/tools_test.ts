import { deepEqual, equal, rejects } from "node:assert/strict";
import type { RunProgram } from "../../lib/core/program.ts";
import { ProgramFailed } from "../../lib/core/program_failed.ts";
import { findPostgresTools, readPostgresVersion } from "../../lib/postgres/tools.ts";
import { withFolder } from "../folder.ts";

const names = ["pg_dump", "pg_dumpall", "pg_restore"];

/** Programs that say what their files have in them, as their versions. */
const run: RunProgram = async ({ argv: [path] }) => {
  const text = await Deno.readTextFile(path);
  const failed = text === "broken"
    ? Promise.reject(new ProgramFailed({ label: path, exitCode: 127, stderr: "" }))
    : Promise.resolve();
  failed.catch(() => {});
  return {
    stdout: new Blob([`pg_dump (PostgreSQL) ${text}`]).stream(),
    done: failed,
    stderr: () => "",
  };
};

async function withPrograms(
  versions: Record<string, string>,
  work: (
    search: (major: number, exact?: boolean) => Promise<string>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    for (const [name, version] of Object.entries(versions)) {
      await Deno.mkdir(`${folder}/${name}`);
      for (const tool of names) await Deno.writeTextFile(`${folder}/${name}/${tool}`, version);
    }
    const path = Object.keys(versions).map((name) => `${folder}/${name}`).join(":");
    await work(async (major, exact = false) => {
      const tools = await findPostgresTools(major, {
        env: (name) => name === "PATH" ? path : undefined,
        run,
        signal: new AbortController().signal,
        exact,
      });
      return tools.version;
    }, folder);
  });
}

// Majors that no machine has, for those that it does have are found too.
Deno.test("findPostgresTools() takes the server's own version, else the nearest newer one", async () => {
  const versions = { a: "902.1", b: "905.4 (Debian 905.4-1)", c: "903beta2", d: "broken" };
  await withPrograms(versions, async (find) => {
    equal(await find(903), "903beta2");
    equal(await find(902), "902.1");
    equal(await find(904), "905.4");
  });
});

Deno.test("findPostgresTools() refuses older ones, and others where exactly one will do", async () => {
  await withPrograms({ a: "902.1" }, async (find, folder) => {
    await rejects(find(903), {
      message: new RegExp(`of PostgreSQL 903 or newer: found only .*902.1 in ${folder}/a`),
      remedy: /postgresql-client-903/,
    });
    await rejects(find(901, true), { message: /of PostgreSQL 901: found only/ });
  });
});

Deno.test("findPostgresTools() looks nowhere else when a folder is named", async () => {
  await withPrograms({ a: "902.1" }, async (_, folder) => {
    const search = (named: string) =>
      findPostgresTools(902, {
        env: (name) => ({ SLIPWAY_PG_BIN: named, PATH: `${folder}/a` })[name],
        run,
        signal: new AbortController().signal,
      });
    equal((await search(`${folder}/a`)).path("psql"), `${folder}/a/psql`);
    await rejects(search(`${folder}/b`), { message: /none is in .*b, which SLIPWAY_PG_BIN names/ });
  });
});

Deno.test("readPostgresVersion() reads what programs and servers say", () => {
  const read = (text: string) => readPostgresVersion(text);
  deepEqual(read("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), {
    major: 15,
    version: "15.18",
  });
  deepEqual(read("17rc1"), { major: 17, version: "17rc1" });
  deepEqual(read("9.6.24"), { major: 9, version: "9.6" });
  equal(read("PgBouncer"), undefined);
});
