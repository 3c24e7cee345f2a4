import assert from "node:assert/strict";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { projectFolder } from "../../tasks/shared/project.ts";

const platforms = `${projectFolder}manifests/platforms/`;

async function commands(): Promise<{ file: string; line: string }[]> {
  const found: { file: string; line: string }[] = [];
  for (const folder of ["", "tasks/", "docs/"]) {
    for await (const { name, isFile } of Deno.readDir(`${projectFolder}${folder}`)) {
      if (!isFile || !/\.(ts|md)$/.test(name)) continue;
      const text = await Deno.readTextFile(`${projectFolder}${folder}${name}`);
      for (const line of text.split("\n")) {
        if (/deno task .*--platform /.test(line)) found.push({ file: `${folder}${name}`, line });
      }
    }
  }
  return found;
}

Deno.test("commands in helps and docs name environments and jobs that the platforms here have", async () => {
  const known = new Map<string, ReturnType<typeof loadEnvironments> | undefined>();
  const load = async (platform: string) => {
    const file = `${platforms}${platform}/platform.yaml`;
    const text = await Deno.readTextFile(file).catch(() => undefined);
    return text === undefined ? undefined : loadEnvironments(text, { file });
  };
  let checked = 0;
  for (const { file, line } of await commands()) {
    const platform = /--platform ([a-z-]+)(?![\w./-])/.exec(line)?.[1] ?? "";
    if (!known.has(platform)) known.set(platform, await load(platform));
    const environments = known.get(platform);
    // Others, such as shop, stand for the reader's own.
    if (environments === undefined) continue;
    const env = /--env ([a-z-]+)/.exec(line)?.[1] ?? [...environments.keys()][0]!;
    const loaded = environments.get(env);
    assert.ok(loaded, `${file}: ${platform} has no environment ${env}: ${line}`);
    const job = /--job ([a-z-]+)/.exec(line)?.[1];
    if (job !== undefined) {
      assert.ok(loaded.backups?.jobs?.[job], `${file}: ${platform} has no job ${job}: ${line}`);
    }
    checked++;
  }
  assert.ok(checked > 40, `${checked} commands`);
});
