import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

interface Configuration {
  tasks: Record<string, { command: string }>;
  permissions: Record<string, { all?: boolean; sys?: string[] }>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("no task asks for a permission on a terminal, where nobody may be to answer", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as Configuration;
  for (const [name, { command }] of Object.entries(tasks)) {
    assert.match(command, /^deno run -q --no-prompt /, name);
  }
});

Deno.test("a task that can reach a store or a cluster may say on which machine it holds a lease", async () => {
  const { permissions } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as Configuration;
  const clients = Object.entries(permissions).filter(([name]) => /-client$|-units$/.test(name));
  assert.ok(clients.length >= 5);
  for (const [name, { sys = [] }] of clients) assert.ok(sys.includes("hostname"), name);
});

Deno.test("a task that is given a bucket may ask what the library for buckets asks of the system", async () => {
  const configuration = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as Configuration;
  const found: string[] = [];
  for (const [name, { command }] of Object.entries(configuration.tasks)) {
    const [, set, file] = /-P=(\S+) (tasks\/\S+)/.exec(command)!;
    const source = await Deno.readTextFile(`${root}${file}`);
    if (!/\b(shareOptions|storeOptions)\(|--keys <place>/.test(source)) continue;
    found.push(name);
    const { all, sys = [] } = configuration.permissions[set!]!;
    assert.ok(all || sys.includes("osRelease"), `${name} runs with ${set}`);
  }
  for (const name of ["unseal-vault", "configure-vault", "backup-vault", "rotate-secret"]) {
    assert.ok(found.includes(name), name);
  }
});
