import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inScratch, mayMount } from "../scratch.ts";

const script = fileURLToPath(new URL("../../../lib/local/services/launch.sh", import.meta.url));

/** What the launcher makes of its input, when the program is `sh` with these words. */
async function launch(folder: string, input: string, words: string) {
  await Deno.mkdir(`${folder}/stage`);
  await Deno.writeTextFile(`${folder}/hosts`, "127.9.9.9 somewhere\n");
  const child = new Deno.Command("unshare", {
    args: ["--mount", "sh", script, `${folder}/stage`, `${folder}/hosts`, "sh", "-c", words],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const bytes = new Uint8Array(3_000).map((_, index) => index % 256);
const long = "line one\nline two\n\n";
const whole = [
  `env SECRET ${btoa(long)}`,
  `env EMPTY `,
  `file /run/secrets/deep/er/token ${bytes.toBase64()}`,
  `file /run/plain.txt ${btoa("plain")}`,
  "end",
  "",
].join("\n");

Deno.test({
  name:
    "a service finds variables and files byte for byte, for itself only, and nobody else may read them",
  ignore: !mayMount,
  fn: () =>
    inScratch(async (folder) => {
      const words = [
        "base64 -w0 /run/secrets/deep/er/token",
        "echo",
        'printf %s "$SECRET" | base64 -w0',
        "echo",
        'printf "%s-" "$EMPTY" "$(cat /run/plain.txt)" "$(cat /var/run/plain.txt)" "$(cat /etc/hosts)"',
        "echo",
        "stat -c %a /run/secrets/deep/er/token /run/secrets",
        "cat",
      ].join("; ");
      const { code, stdout, stderr } = await launch(folder, whole, words);
      assert.equal(code, 0, stderr);
      assert.deepEqual(stdout.split("\n"), [
        bytes.toBase64(),
        btoa(long),
        "-plain-plain-127.9.9.9 somewhere-",
        "600",
        "700",
        "",
      ]);
      await assert.rejects(Deno.stat("/run/plain.txt"), Deno.errors.NotFound);
      assert.deepEqual([...Deno.readDirSync(`${folder}/stage`)], []);
    }),
});

Deno.test({
  name: "a service whose starter was stopped half-way does not run",
  ignore: !mayMount,
  fn: () =>
    inScratch(async (folder) => {
      const half = whole.slice(0, whole.indexOf("end"));
      const { code, stdout, stderr } = await launch(folder, half, "echo ran");
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, /did not arrive wholly/);
    }),
});

Deno.test({
  name: "a service still finds what the machine keeps in /run",
  ignore: !mayMount,
  fn: () =>
    inScratch(async (folder) => {
      const there = [...Deno.readDirSync("/run")].map(({ name }) => name)
        .filter((name) => name !== "secrets").sort();
      const { stdout } = await launch(folder, "end\n", "cd /run && for e in *; do echo $e; done");
      assert.deepEqual(stdout.trim().split("\n").filter((name) => name !== "*").sort(), there);
    }),
});
