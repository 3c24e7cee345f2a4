import assert from "node:assert/strict";
import { ExitCode, SlipwayError } from "../../../lib/core/errors.ts";
import { resealSecrets } from "../../../lib/flows/seal/reseal_secrets.ts";
import { newDigestKey, readDigestKey } from "../../../lib/seal/digest.ts";
import { readDocuments } from "../../../lib/seal/document.ts";
import { parseRecords } from "../../../lib/seal/record.ts";
import { sealedSecretOf } from "../../../lib/seal/sealed_secret.ts";
import { unsealSecret } from "../../../lib/seal/unseal.ts";
import { makePairs, type SealedTree, sealedYaml, withTree } from "./sealed_tree.ts";

const pairs = await makePairs();

async function writeKeys(tree: SealedTree) {
  await tree.write("keys/old.txt", pairs.old.key + pairs.old.cert);
  await tree.write("keys/new.txt", pairs.new.key + pairs.new.cert);
  return { keys: ["keys/old.txt", "keys/new.txt"], paths: ["deploy"] };
}

async function opened(text: string, key: CryptoKey): Promise<Record<string, string>> {
  const [document] = readDocuments(text, "a test");
  const { values } = await unsealSecret(sealedSecretOf(document!), [key], "a test");
  return Object.fromEntries(
    [...values].map(([name, plain]) => [name, new TextDecoder().decode(plain)]),
  );
}

Deno.test("reseal-secrets brings a repository to the newest key, and a second run writes nothing", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    for (const scope of ["strict", "namespace-wide", "cluster-wide"] as const) {
      const values = { A: `${scope} one`, B: "" };
      await tree.write(
        `deploy/${scope}.yaml`,
        await sealedYaml({ pair: pairs.old, scope, values }),
      );
    }
    const current = await sealedYaml({ pair: pairs.new });
    await tree.write("deploy/current.yaml", current);
    assert.equal(await resealSecrets(request, tree.context), ExitCode.done);
    const { files, resealed, unchanged } = tree.summary();
    assert.deepEqual({ files, resealed, unchanged }, { files: 3, resealed: 6, unchanged: 1 });
    assert.equal(await tree.read("deploy/current.yaml"), current);
    for (const scope of ["strict", "namespace-wide", "cluster-wide"]) {
      assert.deepEqual(
        await opened(await tree.read(`deploy/${scope}.yaml`), pairs.new.privateKey),
        { A: `${scope} one`, B: "" },
      );
    }
    const before = await tree.files();
    await resealSecrets(request, tree.context);
    assert.deepEqual(await tree.files(), before);
    assert.equal(tree.summary()["files"], 0);
  });
});

Deno.test("reseal-secrets changes ciphertexts and records, and not another character", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    const text = `# of the shop\n${await sealedYaml({ pair: pairs.old })}# end\n`
      .replace("PASSWORD: AQ", "# since spring\n    PASSWORD: AQ");
    await tree.write("deploy/web.yaml", text);
    await resealSecrets(request, tree.context);
    const blank = (text: string) =>
      text.replaceAll(/AQ[\w+/=]{100,}/g, "…").replaceAll(/(certificate|item)=[\w-]+/g, "$1=…");
    const after = await tree.read("deploy/web.yaml");
    assert.notEqual(after, text);
    assert.equal(blank(after), blank(text));
  });
});

Deno.test("reseal-secrets leaves the ciphertext of a current item that kubeseal made, and records its key", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    const text = await sealedYaml({ pair: pairs.new, plain: true });
    await tree.write("deploy/web.yaml", text);
    await resealSecrets(request, tree.context);
    assert.deepEqual([tree.summary()["recorded"], tree.summary()["resealed"]], [1, 0]);
    const [document] = readDocuments(await tree.read("deploy/web.yaml"), "a test");
    const sealed = sealedSecretOf(document!);
    assert.ok(text.includes(sealed.spec.encryptedData["PASSWORD"]!));
    const records = parseRecords(sealed.metadata.annotations?.["slipway.dev/sealed-items"]);
    assert.equal(records.get("PASSWORD")?.certificate, pairs.new.certificate.fingerprint);
  });
});

Deno.test("reseal-secrets shows values unchanged where it has the digest key", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    const text = newDigestKey();
    await tree.write("digest.key", text);
    const digestKey = await readDigestKey(text, "a test");
    const before = await sealedYaml({ pair: pairs.old, digestKey });
    await tree.write("deploy/web.yaml", before);
    await resealSecrets({ ...request, digestKey: "digest.key" }, tree.context);
    const value = (text: string) => /value=([\w-]+)/.exec(text)![1];
    const after = await tree.read("deploy/web.yaml");
    assert.equal(value(after), value(before));
    const files = await tree.files();
    await resealSecrets({ ...request, digestKey: "digest.key" }, tree.context);
    assert.deepEqual(await tree.files(), files);
  });
});

Deno.test("reseal-secrets changes no file when one item cannot be opened, and names it", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    await tree.write("deploy/a.yaml", await sealedYaml({ pair: pairs.old }));
    await tree.write("deploy/b.yaml", await sealedYaml({ pair: pairs.foreign, name: "other" }));
    const before = await tree.files();
    await assert.rejects(resealSecrets(request, tree.context), (error: unknown) => {
      assert.ok(error instanceof SlipwayError);
      assert.match(
        error.message,
        /deploy\/b\.yaml: SealedSecret shop\/other, key PASSWORD: none of 2 keys opens it as shop\/other/,
      );
      assert.match(error.remedy!, /--keep-shut/);
      return true;
    });
    assert.deepEqual(await tree.files(), before);
    assert.equal(
      await resealSecrets({ ...request, keepShut: true }, tree.context),
      ExitCode.partly,
    );
    const after = await tree.files();
    assert.notEqual(after["deploy/a.yaml"], before["deploy/a.yaml"]);
    assert.equal(after["deploy/b.yaml"], before["deploy/b.yaml"]);
  });
});

Deno.test("reseal-secrets with --dry-run tells what would change, and changes nothing", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    await tree.write("deploy/web.yaml", await sealedYaml({ pair: pairs.old }));
    const before = await tree.files();
    await resealSecrets({ ...request, dryRun: true }, tree.context);
    assert.deepEqual(await tree.files(), before);
    const plan = tree.events.filter((event) => event.type === "change");
    assert.deepEqual(plan.map(({ phase, action, subject }) => ({ phase, action, subject })), [{
      phase: "plan",
      action: "configured",
      subject: "SealedSecret shop/web of deploy/web.yaml",
    }]);
  });
});

Deno.test("reseal-secrets that is killed between two files goes on where it was, and leaves nothing behind", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    const old: Record<string, string> = {};
    for (const name of ["a", "b", "c", "d"]) {
      old[name] = await sealedYaml({ pair: pairs.old, name });
      await tree.write(`deploy/${name}.yaml`, old[name]!);
    }
    const script = new URL("./reseal_until.ts", import.meta.url).pathname;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "--no-check", script, tree.root, "2"],
    }).output();
    assert.equal(code, 137);
    const names = Object.keys(old);
    const texts = await Promise.all(names.map((name) => tree.read(`deploy/${name}.yaml`)));
    const changed = names.filter((name, index) => texts[index] !== old[name]);
    assert.equal(changed.length, 2);
    await resealSecrets(request, tree.context);
    assert.equal(tree.summary()["resealed"], 2);
    const files = await tree.files();
    assert.deepEqual(Object.keys(files).filter((path) => path.includes("partial")), []);
    for (const name of names) {
      assert.deepEqual(await opened(files[`deploy/${name}.yaml`]!, pairs.new.privateKey), {
        PASSWORD: "correct-horse",
      });
    }
    await resealSecrets(request, tree.context);
    assert.deepEqual(await tree.files(), files);
  });
});

Deno.test("reseal-secrets shows no value and no key", async () => {
  await withTree(async (tree) => {
    const request = await writeKeys(tree);
    await tree.write("deploy/web.yaml", await sealedYaml({ pair: pairs.old }));
    await resealSecrets(request, tree.context);
    assert.ok(!tree.told().includes("correct-horse"));
    assert.ok(!tree.told().includes("PRIVATE KEY"));
    assert.equal(tree.context.redactor.redact(pairs.old.key).includes("PRIVATE"), false);
  });
});

Deno.test("reseal-secrets without keys says where they can come from", async () => {
  await withTree(async (tree) => {
    await tree.write("deploy/web.yaml", await sealedYaml({ pair: pairs.old }));
    await assert.rejects(resealSecrets({ paths: ["deploy"] }, tree.context), {
      name: "UsageError",
      remedy: /--context.*--keys/,
    });
  });
});
