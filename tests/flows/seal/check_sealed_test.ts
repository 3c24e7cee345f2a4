import assert from "node:assert/strict";
import { ExitCode } from "../../../lib/core/errors.ts";
import { checkSealed } from "../../../lib/flows/seal/check_sealed.ts";
import { newDigestKey, readDigestKey } from "../../../lib/seal/digest.ts";
import { makePairs, type SealedTree, sealedYaml, withTree } from "./sealed_tree.ts";

const pairs = await makePairs();
const certs = { old: pairs.old.cert, new: pairs.new.cert };

async function check(tree: SealedTree, options: { cert?: string[]; strict?: boolean } = {}) {
  return await checkSealed({ paths: ["."], ...options }, tree.context);
}

async function writeCerts(tree: SealedTree): Promise<string[]> {
  await tree.write("old.pem", certs.old);
  await tree.write("new.pem", certs.new);
  return ["new.pem", "old.pem"];
}

/** Notes that were told, without their remedies. */
function notes({ events }: SealedTree): string[] {
  return events.flatMap((event) => event.type === "note" ? [event.message] : []);
}

Deno.test("check-sealed finds nothing in a repository whose items have the newest key", async () => {
  await withTree(async (tree) => {
    const cert = await writeCerts(tree);
    for (const scope of ["strict", "namespace-wide", "cluster-wide"] as const) {
      await tree.write(`deploy/${scope}.yaml`, await sealedYaml({ pair: pairs.new, scope }));
    }
    assert.equal(await check(tree, { cert, strict: true }), ExitCode.done);
    assert.equal(tree.summary()["current"], 3);
    assert.deepEqual(notes(tree), []);
  });
});

Deno.test("check-sealed tells stale keys and keys of another cluster apart", async () => {
  await withTree(async (tree) => {
    const cert = await writeCerts(tree);
    await tree.write("stale.yaml", await sealedYaml({ pair: pairs.old }));
    await tree.write("foreign.yaml", await sealedYaml({ pair: pairs.foreign, name: "other" }));
    assert.equal(await check(tree, { cert }), ExitCode.differences);
    const { stale, foreign, current, findings } = tree.summary();
    assert.deepEqual({ stale, foreign, current, findings }, {
      stale: 1,
      foreign: 1,
      current: 0,
      findings: 2,
    });
    assert.match(
      notes(tree).join("\n"),
      /stale\.yaml: SealedSecret shop\/web, key PASSWORD: .*\(stale-key\)/,
    );
    assert.match(notes(tree).join("\n"), /foreign\.yaml: .*\(foreign-key\)/);
  });
});

Deno.test("check-sealed says of what kubeseal made that it is unknown, and never that it is fine", async () => {
  await withTree(async (tree) => {
    const cert = await writeCerts(tree);
    await tree.write("web.yaml", await sealedYaml({ pair: pairs.new, plain: true }));
    assert.equal(await check(tree, { cert }), ExitCode.done);
    assert.deepEqual([tree.summary()["unknown"], tree.summary()["current"]], [1, 0]);
    assert.ok(tree.events.some(({ type }) => type === "table"));
    assert.equal(await check(tree, { cert, strict: true }), ExitCode.differences);
  });
});

Deno.test("check-sealed does not believe a record whose ciphertext was replaced", async () => {
  await withTree(async (tree) => {
    const ours = await sealedYaml({ pair: pairs.new });
    const theirs = await sealedYaml({ pair: pairs.new });
    const cipher = (text: string) => /PASSWORD: (AQ\S+)/.exec(text)![1]!;
    await tree.write("web.yaml", ours.replace(cipher(ours), cipher(theirs)));
    await check(tree);
    assert.equal(tree.summary()["unknown"], 1);
  });
});

Deno.test("check-sealed finds a SealedSecret that was renamed, moved, copied, or given another scope", async () => {
  const sealed = await sealedYaml({ pair: pairs.new });
  const changes: [RegExp | string, string][] = [
    [/name: web/g, "name: app"],
    [/namespace: shop/g, "namespace: prod"],
    [/annotations:/, `annotations:\n    sealedsecrets.bitnami.com/namespace-wide: "true"`],
  ];
  for (const [from, to] of changes) {
    await withTree(async (tree) => {
      await tree.write("web.yaml", sealed.replace(from, to));
      assert.equal(await check(tree), ExitCode.differences);
      assert.match(notes(tree).join("\n"), /it was sealed for shop\/web, and stands as/);
    });
  }
  // Of what kubeseal made only a second copy shows it.
  const plain = await sealedYaml({ pair: pairs.new, plain: true });
  await withTree(async (tree) => {
    await tree.write("a.yaml", plain);
    await tree.write("b.yaml", plain.replace(/name: web/g, "name: app"));
    assert.equal(await check(tree), ExitCode.differences);
    assert.match(
      notes(tree).join("\n"),
      /b\.yaml: .*its ciphertext is that of SealedSecret shop\/web in a\.yaml/,
    );
  });
});

Deno.test("check-sealed finds names and scopes on which SealedSecret and template do not agree", async () => {
  const sealed = await sealedYaml({ pair: pairs.new, scope: "cluster-wide" });
  const twice = (text: string, from: string) => text.split(from).length - 1;
  assert.equal(twice(sealed, "cluster-wide"), 2);
  for (
    const [text, rule] of [
      [sealed.replace(/(template:[^]*)name: web/, "$1name: app"), "name"],
      [sealed.replace(/(template:[^]*)cluster-wide/, "$1namespace-wide"), "scope"],
    ] as const
  ) {
    await withTree(async (tree) => {
      await tree.write("web.yaml", text);
      assert.equal(await check(tree), ExitCode.differences);
      assert.ok(notes(tree).some((note) => note.endsWith(`(${rule})`)), notes(tree).join("\n"));
    });
  }
});

Deno.test("check-sealed finds items that nothing can open", async () => {
  const sealed = await sealedYaml({ pair: pairs.new });
  const cipher = /PASSWORD: (AQ\S+)/.exec(sealed)![1]!;
  const short = Uint8Array.from([1, 0, ...new Uint8Array(256 + 15)]).toBase64();
  const weak = Uint8Array.from([0, 128, ...new Uint8Array(128 + 16)]).toBase64();
  const wider = Uint8Array.from([2, 0, ...new Uint8Array(512 + 16)]).toBase64();
  for (
    const bad of [cipher.slice(0, -4), `${cipher.slice(0, 40)}!`, "hunter2", short, weak, wider]
  ) {
    await withTree(async (tree) => {
      const cert = await writeCerts(tree);
      await tree.write("web.yaml", sealed.replace(cipher, bad));
      const code = await check(tree, { cert });
      // A ciphertext that was cut by whole blocks still has the form of one: then its record is no more about it.
      const isKnownWrong = code === ExitCode.differences && tree.summary()["wrong"] === 1;
      assert.ok(isKnownWrong || tree.summary()["unknown"] === 1, bad.slice(0, 20));
      assert.equal(tree.summary()["current"], 0);
      if (bad !== cipher.slice(0, -4)) assert.ok(isKnownWrong, bad.slice(0, 20));
      assert.ok(!tree.told().includes("hunter2"));
    });
  }
});

Deno.test("check-sealed finds Secrets in plain, and shows nothing of them", async () => {
  await withTree(async (tree) => {
    await tree.write(
      "web.yaml",
      `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: { name: web, namespace: shop }
    stringData: { PASSWORD: hunter2-hunter2 }
  - { apiVersion: v1, kind: Secret, metadata: { name: token }, type: kubernetes.io/service-account-token }
  - { apiVersion: v1, kind: Secret, metadata: { name: stand-in, labels: { slipway.dev/placeholder: "true" } }, data: { A: QQ== } }
  - { apiVersion: v1, kind: Secret, metadata: { name: by-sops }, data: { A: QQ== }, sops: { mac: x } }
`,
    );
    await tree.write(".git/secret.yaml", "apiVersion: v1\nkind: Secret\nstringData: { A: b }\n");
    assert.equal(await check(tree), ExitCode.differences);
    assert.equal(tree.summary()["findings"], 1);
    assert.match(notes(tree)[0]!, /Secret shop\/web: .*PASSWORD in plain \(plain-secret\)/);
    assert.ok(!tree.told().includes("hunter2"));
  });
});

Deno.test("check-sealed tells of files that it cannot look into, and strictly they are findings", async () => {
  await withTree(async (tree) => {
    await tree.write(
      "templates/web.yaml",
      "kind: Secret\ndata:\n  a: {{ .Values.a }}\n  {{ end }}\n",
    );
    assert.equal(await check(tree), ExitCode.done);
    assert.equal(tree.summary()["unread"], 1);
    assert.match(notes(tree)[0]!, /templates\/web\.yaml was not looked at: it is a template/);
    assert.equal(await check(tree, { strict: true }), ExitCode.differences);
  });
});

Deno.test("check-sealed with the digest key does not believe records that others wrote", async () => {
  await withTree(async (tree) => {
    const text = newDigestKey();
    const digestKey = await readDigestKey(text, "a test");
    const other = await readDigestKey(newDigestKey(), "a test");
    await tree.write("digest.key", text);
    await tree.write("ours.yaml", await sealedYaml({ pair: pairs.new, digestKey }));
    await tree.write(
      "theirs.yaml",
      await sealedYaml({ pair: pairs.new, digestKey: other, name: "app" }),
    );
    await checkSealed({ paths: ["."], digestKey: "digest.key" }, tree.context);
    assert.deepEqual([tree.summary()["recorded"], tree.summary()["unknown"]], [1, 1]);
    assert.ok(!tree.told().includes(text));
  });
});

Deno.test("check-sealed without a certificate says which one was recorded, and not that it is current", async () => {
  await withTree(async (tree) => {
    await tree.write("web.yaml", await sealedYaml({ pair: pairs.new }));
    assert.equal(await check(tree), ExitCode.done);
    assert.deepEqual([tree.summary()["recorded"], tree.summary()["current"]], [1, 0]);
  });
});
