import assert from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { checkSealed } from "../../../lib/flows/seal/check_sealed.ts";
import { makeDigestKey } from "../../../lib/flows/seal/make_digest_key.ts";
import { resealSecrets } from "../../../lib/flows/seal/reseal_secrets.ts";
import {
  sealIntoPlatform,
  type SealPlatformRequest,
} from "../../../lib/flows/seal/seal_platform.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { unsealValue } from "../../../lib/seal/format.ts";
import { makePairs, type SealedTree, withTree } from "./sealed_tree.ts";

const pairs = await makePairs();
const file = "platform.yaml";

const one = `name: demo
domain: demo.example.org
environments: { production: {} } # the only one
namespaces:
  shop: { podSecurity: restricted }
# What the shop needs.
sealedSecrets:
  web: { namespace: shop, keys: [PASSWORD, PIN] } # by hand
  mail:
    namespace: shop
    scope: namespace-wide
    keys: [TOKEN]
    # more to come
`;

const three = `name: demo
domain: demo.example.org
environments:
  dev:
  staging: {}
  prod:
    # the real one
    namespaces: { other: { podSecurity: restricted } }
namespaces:
  shop-$(environment): { podSecurity: restricted }
sealedSecrets:
  web-$(environment): { namespace: shop-$(environment), keys: [PASSWORD] }
`;

async function seal(
  tree: SealedTree,
  value: string,
  request: Partial<SealPlatformRequest> = {},
): Promise<void> {
  await tree.write("new.pem", pairs.new.cert);
  await sealIntoPlatform({
    platform: file,
    name: "web",
    cert: "new.pem",
    controllerName: "sealed-secrets-controller",
    controllerNamespace: "kube-system",
    fromFile: ["PASSWORD=-"],
    ...request,
  } as SealPlatformRequest, {
    stdin: () => Promise.resolve(new TextEncoder().encode(value)),
    stdinIsTerminal: false,
    write: () => {},
  }, tree.context);
}

async function valueOf(
  text: string,
  { environment = "production", name = "web", key = "PASSWORD" },
) {
  const { sealedSecrets } = loadPlatform(text, { file, environment });
  const { namespace, scope, sealed } = sealedSecrets[name]!;
  const label = scope === "strict" ? `${namespace}/${name}` : namespace;
  const plain = await unsealValue(sealed[key]!, [pairs.new.privateKey], label);
  return new TextDecoder().decode(plain);
}

Deno.test("seal-secret writes a value into the platform file, for the name, namespace and scope that stand there", async () => {
  await withTree(async (tree) => {
    await tree.write(file, one);
    await seal(tree, "hunter2-hunter2");
    await seal(tree, "a token", { name: "mail", fromFile: ["TOKEN=-"] });
    const text = await tree.read(file);
    assert.equal(await valueOf(text, {}), "hunter2-hunter2");
    assert.equal(await valueOf(text, { name: "mail", key: "TOKEN" }), "a token");
    assert.ok(!text.includes("hunter2"));
    assert.ok(!tree.told().includes("hunter2"));
    for (
      const comment of ["# the only one", "# What the shop needs.", "# by hand", "# more to come"]
    ) {
      assert.ok(text.includes(comment), comment);
    }
    assert.deepEqual(Object.keys(await tree.files()).toSorted(), ["new.pem", file]);
  });
});

Deno.test("seal-secret gives each environment values of its own where there are several", async () => {
  await withTree(async (tree) => {
    await tree.write(file, three);
    for (const env of ["dev", "staging", "prod"]) {
      await seal(tree, `of ${env}`, { env, name: `web-${env}` });
    }
    const text = await tree.read(file);
    for (const environment of ["dev", "staging", "prod"]) {
      assert.equal(
        await valueOf(text, { environment, name: `web-${environment}` }),
        `of ${environment}`,
      );
    }
    assert.ok(text.includes("# the real one"));
    assert.ok(text.endsWith(three.slice(three.indexOf("namespaces:\n  shop"))));
    await checkSealed({ paths: ["."], cert: ["new.pem"] }, tree.context);
    assert.deepEqual([tree.summary()["current"], tree.summary()["findings"]], [3, 0]);
  });
});

Deno.test("seal-secret refuses another certificate than the one that the platform file pins", async () => {
  await withTree(async (tree) => {
    const pinned = pairs.foreign.certificate.fingerprint;
    const text = `${one}sealing: { fingerprint: ${pinned} }\n`;
    await tree.write(file, text);
    await assert.rejects(seal(tree, "x"), (error: unknown) => {
      assert.ok(error instanceof SlipwayError);
      assert.ok(error.message.includes(pinned));
      assert.match(error.remedy!, /another cluster/);
      return true;
    });
    assert.equal(await tree.read(file), text);
    await tree.write(file, text.replace(pinned, pairs.new.certificate.fingerprint));
    await seal(tree, "x");
    assert.equal(await valueOf(await tree.read(file), {}), "x");
  });
});

Deno.test("seal-secret takes the certificate that the platform file names, beside that file", async () => {
  await withTree(async (tree) => {
    await tree.write(`deploy/${file}`, `${one}sealing: { certificate: sealing.pem }\n`);
    await tree.write("deploy/sealing.pem", pairs.new.cert);
    await seal(tree, "x", { platform: `deploy/${file}`, cert: undefined as unknown as string });
    assert.equal(await valueOf(await tree.read(`deploy/${file}`), {}), "x");
  });
});

Deno.test("seal-secret leaves a value that did not change as it is, with the platform's digest key", async () => {
  await withTree(async (tree) => {
    const identity = await generateIdentity();
    await tree.write("me.txt", `${identity}\n`);
    const recipient = [await identityToRecipient(identity)];
    await makeDigestKey({ out: "digest.age", recipient }, tree.context);
    await assert.rejects(
      makeDigestKey({ out: "digest.age", recipient }, tree.context),
      /is there already/,
    );
    await tree.write(file, `${one}sealing: { digestKey: digest.age }\n`);
    await seal(tree, "1234", { identity: ["me.txt"] });
    const text = await tree.read(file);
    await seal(tree, "1234", { identity: ["me.txt"] });
    assert.equal(await tree.read(file), text);
    assert.equal(tree.summary()["unchanged"], 1);
    await seal(tree, "1235", { identity: ["me.txt"] });
    assert.equal(await valueOf(await tree.read(file), {}), "1235");
    // Without an identity nobody knows, so it is sealed anew and that is told.
    await seal(tree, "1235");
    assert.equal(tree.summary()["unchanged"], 0);
    assert.match(tree.told(), /no identity opens the digest key/);
  });
});

Deno.test("seal-secret asks for the keys that have no value yet, twice each, and names what it does not know", async () => {
  await withTree(async (tree) => {
    await tree.write(file, one);
    await seal(tree, "x");
    const asked: string[] = [];
    tree.context.askSecret = (question) => {
      asked.push(question);
      return Promise.resolve("4711");
    };
    await seal(tree, "", { fromFile: undefined as unknown as string[] });
    assert.deepEqual(asked, ["Value of PIN", "Value of PIN once more"]);
    assert.equal(await valueOf(await tree.read(file), { key: "PIN" }), "4711");
    const text = await tree.read(file);
    const wrong: [Partial<SealPlatformRequest>, RegExp][] = [
      [{ name: "wep" }, /did you mean web/],
      [{ keys: ["PASWORD"], fromFile: [] }, /did you mean PASSWORD/],
      [{ fromFile: ["OTHER=-"] }, /add it to sealedSecrets\.web\.keys first/],
      [{ fromFile: [], keys: [] }, /name the key whose value is to be another/],
      [{ name: undefined as unknown as string }, /--name/],
    ];
    for (const [request, remedy] of wrong) {
      await assert.rejects(seal(tree, "x", request), { name: "UsageError", remedy });
    }
    assert.equal(await tree.read(file), text);
  });
});

Deno.test("seal-secret with --dry-run writes nothing", async () => {
  await withTree(async (tree) => {
    await tree.write(file, one);
    await seal(tree, "x", { dryRun: true });
    assert.equal(await tree.read(file), one);
  });
});

Deno.test("reseal-secrets brings sealed values of platform files to the newest key, and heeds the pin", async () => {
  await withTree(async (tree) => {
    await tree.write("deploy/platform.yaml", one);
    await tree.write("old.pem", pairs.old.cert);
    await seal(tree, "x", { platform: "deploy/platform.yaml", cert: "old.pem" });
    await tree.write("keys/all.txt", pairs.old.key + pairs.old.cert);
    await tree.write("keys/new.txt", pairs.new.key + pairs.new.cert);
    const request = { paths: ["deploy"], keys: ["keys/all.txt", "keys/new.txt"] };
    await resealSecrets(request, tree.context);
    const text = await tree.read("deploy/platform.yaml");
    assert.equal(await valueOf(text, {}), "x");
    await resealSecrets(request, tree.context);
    assert.equal(await tree.read("deploy/platform.yaml"), text);
    await tree.write(
      "deploy/platform.yaml",
      `${text}sealing: { fingerprint: ${pairs.old.certificate.fingerprint} }\n`,
    );
    await assert.rejects(resealSecrets(request, tree.context), /its sealing\.fingerprint is/);
  });
});
