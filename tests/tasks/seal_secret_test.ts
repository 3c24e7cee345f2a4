import assert from "node:assert/strict";
import { projectFolder } from "../../tasks/shared/project.ts";
import { makePair } from "../seal/sealing_pair.ts";
import { start } from "./start.ts";

const network = new URL("../../tasks/shared/network.ts", import.meta.url).href;

/** What a library that is loaded after `network.ts` could do, and says of each attempt whether it went. */
const hostile = (url: string) => `
import ${JSON.stringify(network)};
const attempts = {
  fetch: () => fetch(${JSON.stringify(url)}),
  connect: () => Deno.connect({ hostname: "127.0.0.1", port: 1 }),
  environment: () => Deno.env.get("KUBECONFIG") ?? Promise.reject(new Deno.errors.NotCapable()),
  run: () => new Deno.Command("true").output(),
  regain: async () => {
    if ((await Deno.permissions.request({ name: "net" })).state !== "granted") {
      throw new Deno.errors.NotCapable();
    }
  },
};
const went = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    went.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) went.push(name);
  }
}
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(went)));
`;

async function withHostile(
  work: (attempts: (...args: string[]) => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-seal-" });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("reached"),
  );
  try {
    const script = `${folder}/hostile.ts`;
    await Deno.writeTextFile(script, hostile(`http://127.0.0.1:${server.addr.port}/`));
    await work(async (...args) => {
      const options = ["run", "-q", "-P=seal-secret", `--config=${projectFolder}deno.json`];
      const { code, stdout, stderr } = await start([...options, script, ...args]);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    });
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is loaded into seal-secret reaches no network, no environment and no program", () =>
  withHostile(async (attempts) => {
    assert.deepEqual(await attempts("--cert", "sealing.pem", "-f", "secret.yaml"), []);
    assert.deepEqual(await attempts("--cert=file:///sealing.pem", "--merge-into", "x.yaml"), []);
  }));

Deno.test("only what fetches leaves seal-secret its network, and never more", () =>
  withHostile(async (attempts) => {
    const fetching = [
      ["--fetch-cert"],
      ["--validate"],
      ["--cert", "https://seal.example.org/cert.pem"],
      ["--cert=http://seal.example.org/cert.pem"],
      ["--context=prod"],
    ];
    for (const args of fetching) {
      assert.deepEqual(await attempts(...args), ["fetch", "connect", "regain"], args.join(" "));
    }
  }));

Deno.test("seal-secret gives its network up before anything else is loaded", async () => {
  const text = await Deno.readTextFile(`${projectFolder}tasks/seal_secret.ts`);
  const [first] = text.matchAll(/^import\b.*$/gm);
  assert.equal(first![0], 'import "./shared/network.ts";');
  const own = await Deno.readTextFile(`${projectFolder}tasks/shared/network.ts`);
  assert.ok(!/^import\b/m.test(own), "what it imports would be loaded before it");
});

Deno.test("a sealing asks for nothing but files, by the record that Deno keeps", async () => {
  const folder = await Deno.makeTempDir({ prefix: "slipway-seal-" });
  try {
    const pair = await makePair();
    await Deno.writeTextFile(`${folder}/cert.pem`, pair.cert);
    const secret =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\nstringData: {c: d}\n";
    await Deno.writeTextFile(`${folder}/secret.yaml`, secret);
    const audit = `${folder}/audit.jsonl`;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "-P=seal-secret", "tasks/seal_secret.ts", `INIT_CWD=${folder}`, "--"],
        ...["--cert", "cert.pem", "-f", "secret.yaml", "-w", "sealed.yaml"],
      ],
      cwd: projectFolder,
      env: { DENO_AUDIT_PERMISSIONS: audit },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const asked = (await Deno.readTextFile(audit)).trim().split("\n")
      .map((line) => JSON.parse(line) as { permission: string; value?: string });
    const kinds = new Set(asked.map(({ permission }) => permission));
    assert.deepEqual([...kinds].filter((kind) => !["read", "write"].includes(kind)), []);
    assert.ok(kinds.has("read") && kinds.has("write"));
    const sealed = await Deno.readTextFile(`${folder}/sealed.yaml`);
    assert.match(sealed, /^---\napiVersion: bitnami\.com\/v1alpha1\n/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
