import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import type { Component } from "../../lib/local/components.ts";
import { startProcess } from "../../lib/local/process.ts";
import { isAlive } from "../../lib/local/process_table.ts";
import {
  createSupervisor,
  findComponents,
  type RunningComponent,
  stopComponents,
} from "../../lib/local/supervise.ts";
import { inScratch } from "./scratch.ts";

const env = { PATH: "/usr/bin:/bin" };

/** A folder whose processes are ended after the test, whatever it did. */
async function inCluster(test: (folder: string) => Promise<void>): Promise<void> {
  await inScratch(async (folder) => {
    try {
      await test(folder);
    } finally {
      await stopComponents(await findComponents(folder));
    }
  });
}

function component(folder: string, over: Partial<Component> = {}): Component {
  return {
    name: "kwok",
    command: ["sleep", "60"],
    cwd: folder,
    logFile: `${folder}/kwok.log`,
    env,
    reads: [`${folder}/kwok.yaml`],
    ...over,
  };
}

/** What one run does: find what is there, make one component run, let go of it. */
async function ensureOnce(
  folder: string,
  wanted: Component,
  id = "id-1",
): Promise<RunningComponent> {
  const supervisor = createSupervisor({ id, folder, found: await findComponents(folder) });
  await supervisor.ensure(wanted);
  supervisor.close();
  const found = await findComponents(folder);
  assert.equal(found.length, 1);
  return found[0]!;
}

Deno.test("a process is known as soon as it runs, without anything being written down", () =>
  inCluster(async (folder) => {
    const process = await ensureOnce(folder, component(folder));
    assert.equal(process.name, "kwok");
    assert.equal(process.clusterId, "id-1");
    const written = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(written, ["kwok.log"]);
  }));

Deno.test("a process that runs as planned is left alone by the next run", () =>
  inCluster(async (folder) => {
    const first = await ensureOnce(folder, component(folder));
    const second = await ensureOnce(folder, component(folder, { env: { PATH: "/bin" } }));
    assert.equal(second.pid, first.pid);
  }));

Deno.test("a process is replaced when its arguments, its files or its cluster's id changed", () =>
  inCluster(async (folder) => {
    const first = await ensureOnce(folder, component(folder));
    const second = await ensureOnce(folder, component(folder, { command: ["sleep", "61"] }));
    await Deno.writeTextFile(`${folder}/kwok.yaml`, "stages");
    const third = await ensureOnce(folder, component(folder, { command: ["sleep", "61"] }));
    const fourth = await ensureOnce(
      folder,
      component(folder, { command: ["sleep", "61"] }),
      "id-2",
    );
    assert.equal(new Set([first, second, third, fourth].map(({ pid }) => pid)).size, 4);
  }));

Deno.test("processes of other clusters and of other programs are not found, and so never ended", () =>
  inCluster(async (folder) => {
    const other = `${folder}/other`;
    await Deno.mkdir(other);
    const mine = await ensureOnce(folder, component(folder));
    const foreign = await startProcess({
      command: ["sleep", "60"],
      env: { ...env, SLIPWAY_CLUSTER_FOLDER: other, SLIPWAY_COMPONENT: "kwok" },
      cwd: other,
      logFile: `${other}/log`,
    });
    await stopComponents(await findComponents(folder));
    const survived = await isAlive(foreign);
    await stopComponents(await findComponents(other));
    assert.ok(survived);
    assert.ok(!await isAlive(mine));
    await foreign.ended;
  }));

Deno.test("a child that inherits the environment of a component is not taken for it", () =>
  inCluster(async (folder) => {
    const command = ["sh", "-c", "sleep 60 & echo started; wait"];
    await startAndWaitFor("started", folder, command);
    assert.equal((await findComponents(folder)).length, 1);
  }));

async function startAndWaitFor(line: string, folder: string, command: string[]): Promise<void> {
  const wanted = component(folder, { command });
  await Deno.writeTextFile(wanted.logFile, "");
  const watcher = Deno.watchFs(wanted.logFile);
  await ensureOnce(folder, wanted);
  while (!(await Deno.readTextFile(wanted.logFile)).includes(line)) {
    await watcher[Symbol.asyncIterator]().next();
  }
  watcher.close();
}

Deno.test("a process that ends while the cluster starts is told with how, and the end of its log", () =>
  inCluster(async (folder) => {
    const supervisor = createSupervisor({ id: "id-1", folder, found: [] });
    const failed = new Promise<unknown>((resolve) => {
      supervisor.failed.addEventListener("abort", () => resolve(supervisor.failed.reason));
    });
    const command = ["sh", "-c", "echo address already in use >&2; exit 7"];
    await supervisor.ensure(component(folder, { command }));
    const error = await failed;
    supervisor.close();
    assert.ok(error instanceof SlipwayError);
    assert.match(error.message, /^kwok ended with exit code 7.*:\n {4}address already in use$/s);
    assert.equal(error.remedy, `read ${folder}/kwok.log`);
  }));

Deno.test("a process of an earlier run that ends while the cluster starts is told as well", () =>
  inCluster(async (folder) => {
    const process = await ensureOnce(folder, component(folder));
    const supervisor = createSupervisor({ id: "id-1", folder, found: [process] });
    const failed = new Promise<unknown>((resolve) => {
      supervisor.failed.addEventListener("abort", () => resolve(supervisor.failed.reason));
    });
    await supervisor.ensure(component(folder));
    Deno.kill(process.pid, "SIGKILL");
    const error = await failed;
    supervisor.close();
    assert.match(String(error), /kwok ended with an unknown state/);
  }));
