import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { newDigestKey } from "../../../lib/seal/digest.ts";
import { CertificateRefused } from "../../../lib/seal/errors.ts";
import { unsealValue } from "../../../lib/seal/format.ts";
import type { SealedSecret } from "../../../lib/seal/sealed_secret.ts";
import { makePair } from "../../seal/sealing_pair.ts";
import { type FlowGround, withFlow } from "./seal_ground.ts";

const secret = (name: string, values: Record<string, string> = { password: "hunter2" }) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "shop" },
    stringData: values,
  });

const recovery = { recoveryUnseal: true, recoveryPrivateKey: ["key.pem"] } as const;

/** What a text of SealedSecrets in YAML or JSON opens to: values by `name.key`. */
async function opened({ seal }: FlowGround, text: string): Promise<Record<string, string>> {
  const lines = (await seal({ ...recovery, json: true }, text)).trim().split("\n");
  return Object.fromEntries(lines.flatMap((line) => {
    const { metadata, data } = JSON.parse(line) as {
      metadata: { name: string };
      data: Record<string, string>;
    };
    return Object.entries(data).map(([key, value]) => [`${metadata.name}.${key}`, atob(value)]);
  }));
}

Deno.test("Secrets of a stream are sealed in its order, in the form that is asked for", () =>
  withFlow(async (ground) => {
    for (const format of ["json", "yaml"] as const) {
      const text = await ground.seal({ format }, secret("a") + secret("b", { x: "1" }));
      assert.equal(text.startsWith("---\n"), format === "yaml");
      assert.deepEqual(await opened(ground, text), { "a.password": "hunter2", "b.x": "1" });
    }
  }));

Deno.test("what is sealed goes out whole, even where it holds by chance what a secret is", () =>
  withFlow(async ({ seal, redact }) => {
    const text = await seal({}, secret("kind", { a: "SealedSecret", b: "encryptedData" }));
    assert.match(text, /"kind": "SealedSecret"/);
    assert.notEqual(redact(text), text, "the redactor would have spoiled it");
  }));

Deno.test("every value is hidden from all that is told", () =>
  withFlow(async ({ seal, redact, answers }) => {
    answers.push("prompted-value", "prompted-value");
    await seal({}, secret("a", { password: "swordfish" }));
    await seal({
      name: "b",
      namespace: "shop",
      fromPrompt: ["x"],
      fromLiteral: ["y=literal-value"],
    });
    await seal({ raw: true, name: "b", namespace: "shop" }, "piped-value");
    const told = "swordfish prompted-value literal-value piped-value";
    assert.equal(redact(told), "******** ******** ******** ********");
  }));

Deno.test("the output's name tells its form, and the file is written whole", () =>
  withFlow(async (ground) => {
    const { seal, read, events } = ground;
    await seal({ sealedSecretFile: "out.yaml" }, secret("a"));
    assert.match(await read("out.yaml"), /^---\napiVersion/);
    await seal({ sealedSecretFile: "out.json" }, secret("a"));
    assert.equal((JSON.parse(await read("out.json")) as SealedSecret).kind, "SealedSecret");
    assert.deepEqual(
      events.filter(({ type }) => type === "change").map((event) =>
        (event as { subject: string }).subject
      ),
      ["out.yaml", "out.json"],
    );
    assert.deepEqual([...Deno.readDirSync(ground.folder)].map(({ name }) => name).sort(), [
      "cert.pem",
      "key.pem",
      "out.json",
      "out.yaml",
    ]);
  }));

Deno.test("a folder is sealed into another one, file by file, and other objects are passed over", () =>
  withFlow(async (ground) => {
    const { folder, seal, write, read } = ground;
    await Deno.mkdir(`${folder}/in/deep`, { recursive: true });
    await write("in/a.yaml", `# comment\n${secret("a")}`);
    await write(
      "in/deep/b.json",
      secret("b") + JSON.stringify({ kind: "ConfigMap", apiVersion: "v1" }),
    );
    await write("in/c.yaml", "kind: ConfigMap\napiVersion: v1\n");
    await write("in/notes.txt", "no YAML: [");
    await seal({ secretFile: ["in/"], sealedSecretFile: "out/" });
    assert.deepEqual(await opened(ground, await read("out/a.yaml")), { "a.password": "hunter2" });
    assert.deepEqual(await opened(ground, await read("out/deep/b.json")), {
      "b.password": "hunter2",
    });
    await assert.rejects(read("out/c.yaml"), Deno.errors.NotFound);
  }));

Deno.test("nothing is written when one of many cannot be sealed, and by --dry-run", () =>
  withFlow(async ({ seal, write, read, events }) => {
    await write("good.json", secret("a"));
    await write("bad.json", secret("b", {}));
    await assert.rejects(
      seal({ secretFile: ["good.json", "bad.json"], sealedSecretFile: "out.json" }),
      /Cannot seal bad\.json: it has neither data nor stringData/,
    );
    await seal({ secretFile: ["good.json"], sealedSecretFile: "out.json", dryRun: true });
    await assert.rejects(read("out.json"), Deno.errors.NotFound);
    assert.deepEqual(events.filter(({ type }) => type === "change"), [
      { type: "change", phase: "plan", action: "created", subject: "out.json" },
    ]);
  }));

Deno.test("values of files, prompts and the command line make a Secret, and the last are warned of", () =>
  withFlow(async (ground) => {
    const { seal, write, answers, events } = ground;
    await write("tls.key", "key\n");
    answers.push("a", "a");
    const text = await seal({
      name: "db",
      namespace: "shop",
      fromFile: ["tls.key", "renamed=tls.key", "in=-"],
      fromPrompt: ["asked"],
      fromLiteral: ["plain=x=y"],
    }, "piped");
    assert.deepEqual(await opened(ground, text), {
      "db.tls.key": "key\n",
      "db.renamed": "key\n",
      "db.in": "piped",
      "db.asked": "a",
      "db.plain": "x=y",
    });
    const [warning] = events.filter(({ type }) => type === "note");
    assert.match((warning as { message: string }).message, /--from-literal stands in the shell's/);
  }));

Deno.test("a prompt whose second answer differs seals nothing", () =>
  withFlow(async ({ seal, answers }) => {
    answers.push("swordfish", "swordfisch");
    await assert.rejects(
      seal({ name: "db", namespace: "shop", fromPrompt: ["x"] }),
      (error) => error instanceof UsageError && !error.message.includes("swordfis"),
    );
  }));

Deno.test("--raw gives a ciphertext alone, bound as its scope says", () =>
  withFlow(async ({ seal, pair }) => {
    const cases = [
      [{ name: "db", namespace: "shop" }, "shop/db"],
      [{ namespace: "shop", scope: "namespace-wide" }, "shop"],
      [{ scope: "cluster-wide" }, ""],
    ] as const;
    for (const [request, label] of cases) {
      const sealed = await seal({ ...request, raw: true }, "bytes\n");
      const plain = await unsealValue(sealed, [pair.privateKey], label);
      assert.equal(new TextDecoder().decode(plain), "bytes\n");
    }
    await assert.rejects(seal({ raw: true, name: "db" }, "x"), /strict needs a namespace/);
    await assert.rejects(
      seal({ raw: true, namespace: "shop" }, "x"),
      (error) => error instanceof UsageError && /--name/.test(error.remedy!),
    );
    await assert.rejects(
      seal({ raw: true, scope: "cluster-wide", fromLiteral: ["a=1", "b=2"] }),
      /2 values with --raw/,
    );
  }));

Deno.test("a name can be given, a namespace only where there is none, and neither to several", () =>
  withFlow(async ({ seal }) => {
    const renamed = JSON.parse(await seal({ name: "b" }, secret("a"))) as SealedSecret;
    assert.equal(renamed.metadata.name, "b");
    await assert.rejects(seal({ namespace: "other" }, secret("a")), /its own is shop/);
    await assert.rejects(seal({ name: "b" }, secret("a") + secret("c")), /the one name b/);
    const bare = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  x: z\n";
    await assert.rejects(
      seal({}, bare),
      (error) => error instanceof UsageError && /--namespace/.test(error.remedy!),
    );
    const placed = JSON.parse(await seal({ namespace: "shop" }, bare)) as SealedSecret;
    assert.equal(placed.metadata.namespace, "shop");
  }));

Deno.test("--merge-into takes the scope from the file, in JSON too, and picks by name among several", () =>
  withFlow(async (ground) => {
    const { seal, write, read } = ground;
    const wide = await seal({ scope: "cluster-wide" }, secret("a"));
    await write("target.json", wide);
    await seal({ mergeInto: "target.json" }, secret("ignored", { more: "1" }));
    assert.deepEqual(await opened(ground, await read("target.json")), {
      "a.password": "hunter2",
      "a.more": "1",
    });
    await write("two.json", wide + await seal({}, secret("b")));
    await assert.rejects(
      seal({ mergeInto: "two.json" }, secret("x")),
      /2 SealedSecrets, wanted one/,
    );
    await seal({ mergeInto: "two.json", name: "b" }, secret("x", { password: "new" }));
    assert.deepEqual(await opened(ground, await read("two.json")), {
      "a.password": "hunter2",
      "b.password": "new",
    });
  }));

Deno.test("--merge-into adds labels and annotations of the Secret, and refuses another type or an overfull one", () =>
  withFlow(async ({ seal, write, read }) => {
    await write(
      "target.yaml",
      await seal({ format: "yaml" }, secret("a", { big: "x".repeat(1_000_000) })),
    );
    const more = (parts: object) =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { labels: { app: "shop" } },
        stringData: { x: "1" },
        ...parts,
      });
    await seal({ mergeInto: "target.yaml" }, more({}));
    assert.match(await read("target.yaml"), /labels:\n +app: shop\n/);
    await assert.rejects(
      seal({ mergeInto: "target.yaml" }, more({ type: "kubernetes.io/tls" })),
      /its type is kubernetes\.io\/tls, the SealedSecret's Opaque/,
    );
    await assert.rejects(
      seal({ mergeInto: "target.yaml" }, more({ stringData: { y: "y".repeat(100_000) } })),
      /a Secret holds at most/,
    );
    await assert.rejects(
      seal({ mergeInto: "target.yaml" }, more({ stringData: {} })),
      /neither data/,
    );
    await assert.rejects(seal({ mergeInto: "none.yaml" }, more({})), /there is no such file/);
  }));

Deno.test("with a digest key a file does not change when its values did not", () =>
  withFlow(async ({ seal, write, read, events }) => {
    await write("digest.key", newDigestKey());
    const request = { digestKey: "digest.key", sealedSecretFile: "out.yaml" };
    await seal(request, secret("a"));
    const before = await read("out.yaml");
    events.length = 0;
    await seal(request, secret("a"));
    assert.equal(await read("out.yaml"), before);
    assert.equal((events[0] as { action: string }).action, "unchanged");
    await seal({ mergeInto: "out.yaml", digestKey: "digest.key" }, secret("a"));
    assert.equal(await read("out.yaml"), before);
    await seal(request, secret("a", { password: "other" }));
    assert.notEqual(await read("out.yaml"), before);
  }));

Deno.test("recovered Secrets are written for their owner alone, and what a template makes is named", () =>
  withFlow(async ({ seal, write, folder, events }) => {
    const sealed = JSON.parse(await seal({}, secret("a"))) as SealedSecret;
    sealed.spec.template!.data = { url: "x{{ .password }}" };
    await write("sealed.json", JSON.stringify(sealed));
    await seal({ ...recovery, secretFile: ["sealed.json"], sealedSecretFile: "plain.yaml" });
    assert.equal((await Deno.stat(`${folder}/plain.yaml`)).mode! & 0o777, 0o600);
    const [note] = events.filter(({ type }) => type === "note");
    assert.match((note as { message: string }).message, /left out of sealed\.json: url/);
    const other = await makePair();
    await write("other.pem", other.key);
    await assert.rejects(
      seal({
        recoveryUnseal: true,
        recoveryPrivateKey: ["other.pem"],
        secretFile: ["sealed.json"],
      }),
      /Cannot open sealed\.json with 1 key .* password \(no key opens it\)/,
    );
  }));

Deno.test("what is missing or wrong on the command line is told with what to do", () =>
  withFlow(async ({ seal, pair }) => {
    const cases: [Parameters<typeof seal>[0], RegExp][] = [
      [{ cert: undefined }, /no certificate to seal with/],
      [{ cert: "none.pem" }, /Cannot read none\.pem: there is no such file/],
      [{ secretFile: ["none.yaml"] }, /Cannot read none\.yaml: there is no such file/],
      [{ raw: true, mergeInto: "x" }, /several things at once: --merge-into,--raw/],
      [{ recoveryPrivateKey: ["key.pem"] }, /without --recovery-unseal/],
      [{ recoveryUnseal: true }, /without a private key/],
      [{ secretFile: ["a"], fromLiteral: ["a=b"] }, /both a Secret of -f and --from/],
      [{ fingerprint: ["0".repeat(64)] }, /Refused the certificate of cert\.pem/],
    ];
    for (const [request, message] of cases) {
      await assert.rejects(seal(request, secret("a")), (error) => {
        assert.ok(error instanceof UsageError || error instanceof CertificateRefused);
        assert.match(error.message, message);
        return true;
      });
    }
    await seal({ fingerprint: ["0".repeat(64), pair.certificate.fingerprint] }, secret("a"));
    await assert.rejects(seal({}, ""), /there is no Secret in standard input/);
  }));
