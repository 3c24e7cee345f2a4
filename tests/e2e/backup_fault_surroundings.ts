import type { FaultWorld } from "./backup_fault_ground.ts";
import { type DebianProgram, findDebianProgram } from "./debian_program.ts";
import { smallDisk } from "./fault_means.ts";

/** Changes a row's surroundings. */
export type Arrange = (world: FaultWorld) => void | Promise<void>;

/** Several changes, one after the other. */
export function all(...changes: readonly Arrange[]): Arrange {
  return async (world) => {
    for (const change of changes) await change(world);
  };
}

/** Runs find other variables, until the row's own run has ended. */
export function variables(changes: Readonly<Record<string, string>>): (world: FaultWorld) => void {
  return (world) => {
    const before = { ...world.env };
    Object.assign(world.env, changes);
    world.afterRun.defer(() => {
      for (const name of Object.keys(changes)) delete world.env[name];
      Object.assign(world.env, before);
    });
  };
}

/** One of PostgreSQL's programs is a script, for which `$real` is the program itself. */
export function replaced(program: string, script: string): Arrange {
  return async (world) => {
    const { folder, ground, env } = world;
    const programs = `${folder}/programs`;
    await Deno.mkdir(programs);
    for (const { name } of Deno.readDirSync(ground.programs)) {
      const real = `${ground.programs}/${name}`;
      if (name !== program) {
        await Deno.symlink(real, `${programs}/${name}`);
        continue;
      }
      const lines = ["#!/bin/sh", `real='${real}'`, '[ "$1" = --version ] && exec "$real" "$1"'];
      await Deno.writeTextFile(`${programs}/${name}`, [...lines, script, ""].join("\n"), {
        mode: 0o755,
      });
    }
    await variables({ SLIPWAY_PG_BIN: programs })(world);
    if (env["SLIPWAY_PG_BIN"] === programs) world.happened++;
  };
}

/** Replaces the time of programs that it is preloaded to. */
const libfaketime: DebianProgram = {
  name: "libfaketime.so.1",
  package: "libfaketime",
  folder: `usr/lib/${Deno.build.arch}-linux-gnu/faketime`,
};

/** The task's own clock can be set. Monotonic time goes on, as it does where a clock is set. Source: faketime(1). */
export const withClock: Arrange = async (world) => {
  const { path } = await findDebianProgram({ ...libfaketime });
  const file = `${world.folder}/clock`;
  await Deno.writeTextFile(file, "+0");
  await variables({
    LD_PRELOAD: path,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  })(world);
};

/** Sets the task's clock so far on, or back. */
export function jumps(by: string): (world: FaultWorld) => void {
  return ({ folder }) => Deno.writeTextFileSync(`${folder}/clock`, by);
}

/** Leaves no room on the row's small disk, until the row's run has ended. */
export function diskIsFull(world: FaultWorld): void {
  world.happened++;
  const ballast = `${world.folder}/small-disk/ballast`;
  using file = Deno.openSync(ballast, { write: true, create: true, append: true });
  const page = new Uint8Array(4096);
  try {
    for (;;) file.writeSync(page);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  }
  world.afterRun.defer(() => Deno.remove(ballast));
}

/** The row's database is on a small disk. */
export const onSmallDisk: Arrange = async (world) => {
  const { name, atEnd, sql } = world;
  const { folder, unmount } = await smallDisk(world, "24m");
  atEnd.defer(unmount);
  for (const each of [world.folder, folder]) await Deno.chmod(each, 0o777);
  await Deno.mkdir(`${folder}/space`);
  await Deno.chmod(`${folder}/space`, 0o777);
  await sql(`CREATE TABLESPACE ${name} LOCATION '${folder}/space'`, "postgres");
  atEnd.defer(async () => void await sql(`DROP TABLESPACE ${name}`, "postgres"));
  await sql(`ALTER DATABASE ${name} SET TABLESPACE ${name}`, "postgres");
};

/** Somebody is told of runs, and answers so when they have ended. */
export function onNotification(answer: (world: FaultWorld) => Response): Arrange {
  return async (world) => {
    let count = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      // The first one tells that a run begins.
      if (++count !== 2) return new Response();
      world.happened++;
      return answer(world);
    });
    world.afterRun.defer(() => server.shutdown());
    await variables({ SLIPWAY_PING_URL: `http://127.0.0.1:${server.addr.port}` })(world);
  };
}

/** Change bytes of an object that is in the store. */
export async function changeObject(
  { direct }: FaultWorld,
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Promise<void> {
  const bytes = await direct.get(name);
  if (bytes === undefined) throw new Error(`there is no object ${name} to be changed`);
  await direct.put(name, change(bytes));
}

/** Without its end. */
export function cutOff(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.slice(0, -100);
}

/** With one bit of another value. */
export function flipped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  changed[changed.length >> 1]! ^= 1;
  return changed;
}
