import assert from "node:assert/strict";
import fc from "fast-check";
import { mapConcurrently } from "../../lib/core/concurrency.ts";
import { sealedItemsAnnotation } from "../../lib/core/labels.ts";
import type { KubeObject } from "../../lib/core/object.ts";
import { rotatedItems } from "../../lib/seal/rotation.ts";
import { type Scope, scopes } from "../../lib/seal/scope.ts";
import { sealSecret } from "../../lib/seal/seal.ts";
import type { SealedSecret } from "../../lib/seal/sealed_secret.ts";
import { type PlainSecret, secretOf } from "../../lib/seal/secret.ts";
import { unsealSecret } from "../../lib/seal/unseal.ts";
import { type SealGround, status, withController } from "./seal_ground.ts";

const count = 1_000;

const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{251}[a-z0-9])$/),
);
const namespace = fc.oneof(
  fc.constant("shop"),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{61}[a-z0-9])$/),
);
const key = fc.oneof(
  fc.stringMatching(/^[-_a-zA-Z0-9]{1,20}$/),
  fc.stringMatching(/^[-_a-zA-Z0-9]{253}$/),
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: "grapheme" }).map((text) => new TextEncoder().encode(text)),
  },
  { weight: 1, arbitrary: fc.constant(new Uint8Array()) },
  { weight: 1, arbitrary: fc.nat({ max: 60_000 }).map(pattern) },
).map((bytes) => new Uint8Array(bytes));

const secret: fc.Arbitrary<[PlainSecret, Scope]> = fc.tuple(
  fc.record({
    name,
    namespace,
    metadata: fc.constant({}),
    values: fc.oneof(
      { weight: 9, arbitrary: fc.tuple(fc.tuple(key, value)) },
      { weight: 1, arbitrary: fc.array(fc.tuple(key, value), { minLength: 2, maxLength: 4 }) },
    ).map((all) => new Map(all)),
  }),
  fc.constantFrom(...scopes),
);

/** Bytes of every kind, so many. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31) % 257);
}

Deno.test("seal-secret and the sealed-secrets controller understand each other", async (t) => {
  await withController(async (ground) => {
    await t.step(
      "the controller opens 1,000 random Secrets of all scopes to the same bytes",
      () => openThousand(ground),
    );
    await t.step(
      "the controller makes Secrets of what was sealed, as large and as long-named as they may be",
      () => openInCluster(ground),
    );
    await t.step(
      "kubeseal opens what was sealed here, and what kubeseal sealed is opened here",
      () => exchange(ground),
    );
    await t.step("--fetch-cert prints the controller's certificate", () => fetchCert(ground));
    await t.step("--validate tells what the controller can open", () => validate(ground));
    await t.step(
      "--merge-into and --raw give what the controller opens, and keep the rest",
      () => merge(ground),
    );
    await t.step("--re-encrypt changes the ciphertexts and nothing else", () => reEncrypt(ground));
    await t.step(
      "what keeps the controller from answering is told with its remedy",
      () => failures(ground),
    );
  });
});

async function openThousand({ url, pair }: SealGround): Promise<void> {
  const samples = fc.sample(secret, { numRuns: count, seed: 7 });
  assert.deepEqual(new Set(samples.map(([, scope]) => scope)).size, scopes.length);
  let opened = 0;
  await mapConcurrently(samples, 16, async ([plain, scope]) => {
    const sealed = await sealSecret(plain, pair.certificate, { scope, place: "test" });
    // It opens all values, and seals them with new session keys: its answer holds what it saw.
    const answer = await fetch(`${url}/v1/rotate`, {
      method: "POST",
      body: JSON.stringify(sealed),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    const encryptedData = rotatedItems(text, "the controller");
    for (const key of plain.values.keys()) {
      assert.notEqual(encryptedData[key], sealed.spec.encryptedData[key]);
    }
    const again = { ...sealed, spec: { ...sealed.spec, encryptedData } };
    const { values } = await unsealSecret(again, [pair.privateKey], "the controller's answer");
    assert.deepEqual(new Map([...values].sort()), new Map([...plain.values].sort()));
    opened++;
  });
  assert.equal(opened, count);
}

async function openInCluster({ client, pair }: SealGround): Promise<void> {
  const longest = { namespace: `n${"s".repeat(62)}`, name: `n${"a".repeat(252)}` };
  await client.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: longest.namespace },
  });
  const given: [PlainSecret, Scope][] = [
    [{
      ...longest,
      metadata: { labels: { app: "shop" }, annotations: { team: "a" } },
      type: "example.org/own",
      immutable: true,
      values: new Map([["k".repeat(253), pattern(300)], ["empty", new Uint8Array()]]),
    }, "strict"],
    [{
      namespace: "default",
      name: "large",
      metadata: {},
      values: new Map([["half", pattern(2 ** 19)], ["other.half", pattern(2 ** 19)]]),
    }, "namespace-wide"],
    [{
      namespace: "default",
      name: "wide",
      metadata: {},
      values: new Map([["a", pattern(1)]]),
    }, "cluster-wide"],
  ];
  for (const [plain, scope] of given) {
    const sealed = await sealSecret(plain, pair.certificate, { scope, place: "test" });
    await client.create(sealed as unknown as KubeObject);
  }
  for (const [plain] of given) {
    const { namespace, name } = plain as { namespace: string; name: string };
    const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
    const made = await watched(client, ref);
    const { values, type, immutable, metadata } = secretOf({
      value: made,
      place: "",
      document: 0,
      path: [],
    });
    assert.deepEqual(new Map([...values].sort()), new Map([...plain.values].sort()));
    assert.equal(type, plain.type ?? "Opaque");
    assert.equal(immutable, plain.immutable);
    assert.deepEqual(metadata["labels"], plain.metadata["labels"]);
    assert.equal(made.metadata.annotations?.["team"], plain.metadata["annotations"] && "a");
  }
}

/** The object as soon as it is there. */
async function watched(
  client: SealGround["client"],
  { name, ...query }: { apiVersion: string; kind: string; namespace: string; name: string },
): Promise<KubeObject> {
  const signal = AbortSignal.timeout(20_000);
  const fieldSelector = `metadata.name=${name}`;
  for await (const event of client.watch({ ...query, fieldSelector }, { signal })) {
    if (event.type === "added") return event.object;
  }
  throw new Error(`Secret ${query.namespace}/${name} did not come within 20 s`);
}

const shopSecret = `apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
  labels: {app: shop}
type: kubernetes.io/basic-auth
stringData:
  username: ana
  password: "hunter2: # '\\u00e9"
data:
  binary: AP8KDQ==
  empty: ""
`;

const shopValues = {
  binary: "AP8KDQ==",
  empty: "",
  password: new TextEncoder().encode("hunter2: # 'é").toBase64(),
  username: btoa("ana"),
};

async function exchange({ seal, kubeseal, folder }: SealGround): Promise<void> {
  await Deno.writeTextFile(`${folder}/secret.yaml`, shopSecret);
  const recovery = ["--recovery-unseal", "--recovery-private-key", "key.pem"];
  for (const scope of scopes) {
    const ours = await ok(seal(["--cert", "cert.pem", "--scope", scope, "-o", "yaml"], shopSecret));
    const opened = JSON.parse(await ok(kubeseal(recovery, ours)));
    assert.deepEqual(sorted(opened.data), shopValues);
    assert.equal(opened.type, "kubernetes.io/basic-auth");
    assert.deepEqual(opened.metadata.labels, { app: "shop" });
  }
  for (const format of ["json", "yaml"]) {
    const scope = format === "json" ? "strict" : "cluster-wide";
    const options = ["--cert", "cert.pem", "-f", "secret.yaml", "-o", format, "--scope", scope];
    const theirs = await ok(kubeseal(options));
    const opened = JSON.parse(await ok(seal(recovery, theirs)));
    assert.deepEqual(sorted(opened.data), shopValues);
    assert.equal(opened.type, "kubernetes.io/basic-auth");
  }
}

async function fetchCert({ seal, kubeseal, pair }: SealGround): Promise<void> {
  const options = ["--fetch-cert", "--kubeconfig", "kubeconfig"];
  const printed = await ok(seal(options));
  assert.equal(printed, await ok(kubeseal(options)));
  assert.equal(
    (await seal([...options, "--fingerprint", "0".repeat(64)])).code,
    2,
    "another certificate than the pinned one",
  );
  const sealed = await ok(seal(["--kubeconfig", "kubeconfig"], shopSecret));
  const records = (JSON.parse(sealed) as SealedSecret).metadata
    .annotations![sealedItemsAnnotation]!;
  assert.ok(records.includes(pair.certificate.fingerprint), "fetched and used at once");
}

async function validate({ seal, kubeseal, folder }: SealGround): Promise<void> {
  const validate = ["--validate", "--kubeconfig", "kubeconfig"];
  const good = await ok(seal(["--cert", "cert.pem"], shopSecret));
  await ok(seal(validate, good));
  const renamed = good.replaceAll('"db"', '"dc"');
  const refused = await seal(validate, renamed);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /error: The controller .* cannot open 1 of 1: dc of standard input/);
  assert.match(refused.stderr, /remedy: .*another cluster/);
  assert.equal((await kubeseal(validate, renamed)).code, 1, "kubeseal agrees");
  await Deno.writeTextFile(`${folder}/both.yaml`, good + renamed);
  const both = await seal([...validate, "-f", "both.yaml"]);
  assert.match(both.stderr, /cannot open 1 of 2: dc of both.yaml, object 2/);
}

async function merge({ seal, kubeseal, folder }: SealGround): Promise<void> {
  const file = `${folder}/target.yaml`;
  const sealed = await ok(
    seal(["--cert", "cert.pem", "-o", "yaml", "--scope", "namespace-wide"], shopSecret),
  );
  const commented = `# who may see this: ana\n${
    sealed.replace("  encryptedData:\n", "  encryptedData: # one line each\n")
  }`;
  await Deno.writeTextFile(file, commented);
  await Deno.chmod(file, 0o640);
  const more = "apiVersion: v1\nkind: Secret\nstringData: {password: swordfish, token: abcd}\n";
  await ok(seal(["--cert", "cert.pem", "--merge-into", "target.yaml"], more));
  const merged = await Deno.readTextFile(file);
  const opened = await recovered(kubeseal, merged);
  assert.deepEqual(opened, { ...shopValues, password: btoa("swordfish"), token: btoa("abcd") });
  assert.match(merged, /^# who may see this: ana\n/);
  assert.match(merged, /encryptedData: # one line each\n/);
  const changed = (text: string) => text.split("\n").filter((line) => !commented.includes(line));
  assert.equal(
    changed(merged).filter((line) => !/^ {6}/.test(line)).length,
    2,
    `besides the records only two lines are new:\n${changed(merged).join("\n")}`,
  );
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o640);
  assert.equal(
    (await seal(["--cert", "cert.pem", "--merge-into", file, "--scope", "strict"], more)).code,
    2,
  );
  assert.equal(await Deno.readTextFile(file), merged, "a refusal leaves the file alone");

  const raw = ["--cert", "cert.pem", "--raw", "--scope", "namespace-wide", "--namespace", "shop"];
  const item = await ok(seal(raw, "from a pipe\n"));
  assert.match(item, /^Ag|^AQ/);
  const pasted = merged.replace(/^( +token): .*$/m, `$1: ${item}`);
  assert.equal((await recovered(kubeseal, pasted))["token"], btoa("from a pipe\n"));
  await ok(seal(["--validate", "--kubeconfig", "kubeconfig"], pasted));
}

async function recovered(kubeseal: SealGround["kubeseal"], text: string) {
  const options = ["--recovery-unseal", "--recovery-private-key", "key.pem"];
  const { data } = JSON.parse(await ok(kubeseal(options, text)));
  return sorted(data);
}

/** kubeseal writes null for a value of no bytes. */
function sorted(data: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value ?? ""] as const).sort(),
  );
}

async function reEncrypt({ seal, kubeseal, folder }: SealGround): Promise<void> {
  const sealed = await ok(seal(["--cert", "cert.pem", "-o", "yaml"], shopSecret));
  const before = sealed
    .replace("kind: SealedSecret", "kind: SealedSecret # ours")
    .replace("  namespace: shop\n", "  namespace: shop\n  labels:\n    own: label\n")
    .replace("  template:\n", '  template:\n    data:\n      url: "db://{{ .username }}@host"\n');
  const file = `${folder}/again.yaml`;
  await Deno.writeTextFile(file, before);
  await ok(seal(["--re-encrypt", "--kubeconfig", "kubeconfig", "-f", "again.yaml"]));
  const after = await Deno.readTextFile(file);
  const [old, fresh] = [before, after].map((text) => text.split("\n"));
  assert.equal(fresh!.length, old!.length);
  const different = old!.filter((line, index) => line !== fresh![index]);
  assert.equal(different.length, 8, `four ciphertexts and their records:\n${different.join("\n")}`);
  const opened = await recovered(kubeseal, after);
  assert.deepEqual(opened, { ...shopValues, url: btoa("db://ana@host") });
  const broken = await seal(
    ["--re-encrypt", "--kubeconfig", "kubeconfig"],
    before.replace("name: db", "name: dc"),
  );
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /cannot open dc of standard input/);
}

async function failures({ seal, answerWith }: SealGround): Promise<void> {
  const options = ["--fetch-cert", "--kubeconfig", "kubeconfig"];
  const cases: [(path: string) => Response | undefined, RegExp, RegExp][] = [
    [
      () => status(404, "NotFound", 'services "sealed-secrets-controller" not found'),
      /there is no Service kube-system\/sealed-secrets-controller/,
      /--controller-namespace/,
    ],
    [
      (path) =>
        path.includes("/proxy")
          ? status(403, "Forbidden", 'User "ana" cannot get resource "services/proxy"')
          : undefined,
      /cannot get resource "services\/proxy"/,
      /allow you get and create on services\/proxy in kube-system/,
    ],
    [
      (path) =>
        path.includes("/proxy")
          ? status(503, "ServiceUnavailable", "no endpoints available for service")
          : undefined,
      /Cannot reach the sealed-secrets controller .*no endpoints available/,
      /none of its pods is ready/,
    ],
    [
      (path) => path.includes("/proxy") ? new Response("", { status: 500 }) : undefined,
      /it answers 500/,
      /see its log/,
    ],
  ];
  for (const [answer, message, remedy] of cases) {
    answerWith(answer);
    const { code, stdout, stderr } = await seal(options);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, message);
    assert.match(stderr.slice(stderr.indexOf("remedy: ")), remedy);
  }
  answerWith(undefined);
}

async function ok(ended: Promise<{ code: number; stdout: string; stderr: string }>) {
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  return stdout;
}
