import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { backupSections } from "../../lib/platform/schema/backup.ts";
import { projectFile } from "../../tasks/shared/project.ts";

const text = await Deno.readTextFile(projectFile("Containerfile"));

/** Instructions, each on one line, without comments. */
const instructions = text.replaceAll(/^#.*\n/gm, "").replaceAll("\\\n", " ").split("\n")
  .filter((line) => line !== "");

function argumentsOf(instruction: string): string[][] {
  return instructions.filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.split(/\s+/).slice(1));
}

Deno.test("the image has the Deno that all else here is run with", async () => {
  const [, wanted] = /deno@(\S+)/.exec(await Deno.readTextFile(projectFile(".ci/run"))) ?? [];
  assert.equal(argumentsOf("FROM")[0]![0], `docker.io/denoland/deno:bin-${wanted}`);
});

Deno.test("the image says which version it is", () => {
  assert.ok(
    argumentsOf("LABEL").flat().includes(`org.opencontainers.image.version="${project.version}"`),
  );
});

Deno.test("what the image copies is there, and is not left out of what it is built from", async () => {
  const kept = (await Deno.readTextFile(projectFile(".containerignore"))).trim().split("\n");
  assert.equal(kept[0], "*");
  const copied = argumentsOf("COPY").filter(([first]) => !first!.startsWith("--"))
    .flatMap((paths) => paths.slice(0, -1));
  for (const path of copied) {
    await Deno.stat(projectFile(path));
    assert.ok(kept.includes(`!${path}`), `${path} is left out`);
  }
  const needed = [
    "deno.json",
    "deno.lock",
    ...Object.values(project.exports),
    "tasks",
    "manifests",
  ];
  for (const path of needed.map((each) => each.replace("./", ""))) {
    assert.ok(copied.some((each) => path === each || path.startsWith(`${each}/`)), path);
  }
});

Deno.test("each task that a job can run is in the image, and starts there", () => {
  const job = backupSections.backups.unwrap().shape.jobs.unwrap().valueType;
  const names = job.shape.task.options.map((task) => task.split(" ")[0]!);
  const tasks: Record<string, { command: string }> = project.tasks;
  for (const name of names) {
    assert.match(tasks[name]?.command ?? "", /^deno run .*tasks\/\w+\.ts/, name);
  }
});

Deno.test("jobs run as the user that the image is made for", () => {
  const { user, group } = backupSections.backups.unwrap().shape.runAs.parse(undefined);
  assert.deepEqual(argumentsOf("USER"), [[`${user}:${group}`]]);
});
