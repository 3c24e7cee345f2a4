import assert from "node:assert/strict";
import { ChecksumMismatch, sha256 } from "../../lib/core/checksum.ts";
import { SlipwayError } from "../../lib/core/errors.ts";
import { type CrdSources, obtainDefinitions } from "../../lib/crds/obtain.ts";

const text = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  creationTimestamp: null
  name: boats.example.org
spec: { group: example.org }
status: { conditions: [] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: not-a-definition }
`;
const bytes = new TextEncoder().encode(text);
const pin = {
  name: "boats",
  version: "v1.0.0",
  groups: ["example.org"],
  repository: "example/boats",
  module: "example.org/boats",
  folder: "crds",
  files: { "boats.yaml": await sha256(bytes) },
};

/** Sources of which none answers, in a folder that goes with the test. */
async function withSources(
  test: (sources: CrdSources, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test({
      cacheDir: `${folder}/cache`,
      fetchBytes: (url) => Promise.reject(new SlipwayError(`Cannot fetch ${url}: no network`)),
      moduleFolder: () => Promise.reject(new SlipwayError("Cannot download: no Go")),
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("obtainDefinitions() takes only definitions, without what belongs to the server", () =>
  withSources(async (sources) => {
    const urls: string[] = [];
    const fetchBytes = (url: string) => {
      urls.push(url);
      return Promise.resolve(bytes);
    };
    assert.deepEqual(await obtainDefinitions(pin, { ...sources, fetchBytes }), [{
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "boats.example.org" },
      spec: { group: "example.org" },
    }]);
    assert.deepEqual(urls, [
      "https://raw.githubusercontent.com/example/boats/v1.0.0/crds/boats.yaml",
    ]);
  }));

Deno.test("obtainDefinitions() asks nobody a second time", () =>
  withSources(async (sources) => {
    const first = await obtainDefinitions(pin, {
      ...sources,
      fetchBytes: () => Promise.resolve(bytes),
    });
    assert.deepEqual(await obtainDefinitions(pin, sources), first);
  }));

Deno.test("obtainDefinitions() obtains anew when the pins changed or the cache is broken", () =>
  withSources(async (sources) => {
    const fetching = { ...sources, fetchBytes: () => Promise.resolve(bytes) };
    await obtainDefinitions(pin, fetching);
    const newer = { ...pin, files: { "ships.yaml": pin.files["boats.yaml"] } };
    await assert.rejects(obtainDefinitions(newer, sources), SlipwayError);
    await Deno.writeTextFile(`${sources.cacheDir}/crds/boats/v1.0.0.json`, '{"sources"');
    assert.equal((await obtainDefinitions(pin, fetching)).length, 1);
  }));

Deno.test("obtainDefinitions() asks the mirror in place of the upstream", () =>
  withSources(async (sources) => {
    const fetchBytes = (url: string) => {
      assert.equal(
        url,
        "http://mirror.test/all/raw.githubusercontent.com/example/boats/v1.0.0/crds/boats.yaml",
      );
      return Promise.resolve(bytes);
    };
    const mirror = "http://mirror.test/all/";
    assert.equal((await obtainDefinitions(pin, { ...sources, mirror, fetchBytes })).length, 1);
  }));

Deno.test("obtainDefinitions() reads the Go module when the upstream is out of reach", () =>
  withSources(async (sources, folder) => {
    await Deno.mkdir(`${folder}/module/crds`, { recursive: true });
    await Deno.writeFile(`${folder}/module/crds/boats.yaml`, bytes);
    const moduleFolder = (module: string, version: string) => {
      assert.deepEqual([module, version], ["example.org/boats", "v1.0.0"]);
      return Promise.resolve(`${folder}/module`);
    };
    assert.equal((await obtainDefinitions(pin, { ...sources, moduleFolder })).length, 1);
  }));

Deno.test("obtainDefinitions() leaves the upstream alone when the mirror is off", () =>
  withSources(async (sources, folder) => {
    await Deno.mkdir(`${folder}/crds`, { recursive: true });
    await Deno.writeFile(`${folder}/crds/boats.yaml`, bytes);
    const fetchBytes = () => Promise.reject(new Error("the upstream was asked"));
    const moduleFolder = () => Promise.resolve(folder);
    const off = { ...sources, mirror: "off", fetchBytes, moduleFolder };
    assert.equal((await obtainDefinitions(pin, off)).length, 1);
  }));

Deno.test("obtainDefinitions() refuses a file that is not what is pinned, and keeps nothing of it", () =>
  withSources(async (sources) => {
    const forged = new TextEncoder().encode(text.replace("example.org", "example.com"));
    const sum = await sha256(forged);
    await assert.rejects(
      obtainDefinitions(pin, { ...sources, fetchBytes: () => Promise.resolve(forged) }),
      (error: unknown) =>
        error instanceof ChecksumMismatch &&
        error.message.includes(pin.files["boats.yaml"]) &&
        error.message.includes(sum),
    );
    await assert.rejects(Deno.stat(sources.cacheDir), Deno.errors.NotFound);
  }));

Deno.test("obtainDefinitions() says of both sources why they failed", () =>
  withSources(async (sources) => {
    await assert.rejects(
      obtainDefinitions(pin, sources),
      (error: unknown) =>
        error instanceof SlipwayError && error.message.includes("no network") &&
        error.message.includes("no Go") && error.remedy?.includes("SLIPWAY_MIRROR") === true,
    );
  }));

Deno.test("obtainDefinitions() knows that a module may be a folder of its repository", () =>
  withSources(async (sources, folder) => {
    await Deno.mkdir(`${folder}/crds`, { recursive: true });
    await Deno.writeFile(`${folder}/crds/boats.yaml`, bytes);
    const nested = { ...pin, moduleRoot: "client", folder: "client/crds" };
    const moduleFolder = () => Promise.resolve(folder);
    assert.equal((await obtainDefinitions(nested, { ...sources, moduleFolder })).length, 1);
    const urls: string[] = [];
    const fetchBytes = (url: string) => {
      urls.push(url);
      return Promise.resolve(bytes);
    };
    const elsewhere = { ...sources, cacheDir: `${folder}/other`, fetchBytes };
    await obtainDefinitions(nested, elsewhere);
    assert.deepEqual(urls, [
      "https://raw.githubusercontent.com/example/boats/v1.0.0/client/crds/boats.yaml",
    ]);
  }));
