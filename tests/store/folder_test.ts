import assert from "node:assert/strict";
import { join } from "node:path";
import { StoreError } from "../../lib/store/errors.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import { type StoreGround, storeSuite } from "./suite.ts";

const text = (value: string) => new TextEncoder().encode(value);

interface FolderGround extends StoreGround {
  folder: string;
}

async function ground(): Promise<FolderGround> {
  const folder = await Deno.makeTempDir();
  return {
    folder,
    store: createFolderStore(join(folder, "store")),
    leftovers: () => unfinishedIn(join(folder, "store")),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function unfinishedIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const below = await Promise.all(
    entries.filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => unfinishedIn(join(folder, name))),
  );
  return [
    ...entries.map(({ name }) => name).filter((name) => name.startsWith(".")),
    ...below.flat(),
  ];
}

storeSuite("a folder", ground, { largeBytes: 3 * 1024 * 1024 });

Deno.test("a folder: files and folders are for their owner alone", async () => {
  await using made = await ground();
  await made.store.put("a/b", text("x"));
  const modeOf = async (path: string) => (await Deno.stat(join(made.folder, path))).mode! & 0o777;
  assert.equal(await modeOf("store"), 0o700);
  assert.equal(await modeOf("store/a"), 0o700);
  assert.equal(await modeOf("store/a/b"), 0o600);
});

Deno.test("a folder: its URL is a file's", () => {
  assert.equal(createFolderStore("/srv/my backups").url, "file:///srv/my%20backups");
});

Deno.test("a folder: a symbolic link out of it is not followed", async () => {
  await using made = await ground();
  const { folder, store } = made;
  await store.put("own", text("x"));
  await Deno.mkdir(join(folder, "outside"));
  await Deno.writeTextFile(join(folder, "outside/secret"), "theirs");
  await Deno.symlink(join(folder, "outside"), join(folder, "store/way"));
  await Deno.symlink(join(folder, "outside/secret"), join(folder, "store/file"));

  await assert.rejects(store.get("way/secret"), /a symbolic link leads from there to/);
  await assert.rejects(store.put("way/new", text("x")), StoreError);
  await assert.rejects(store.delete("way/secret"), StoreError);
  assert.equal(await store.get("file"), undefined);
  assert.deepEqual((await store.list("")).map(({ name }) => name), ["own"]);
  assert.equal(await Deno.readTextFile(join(folder, "outside/secret")), "theirs");
});

Deno.test("a folder: it may itself be reached by a symbolic link", async () => {
  await using made = await ground();
  await Deno.mkdir(join(made.folder, "disk"));
  await Deno.symlink(join(made.folder, "disk"), join(made.folder, "mounted"));
  const store = createFolderStore(join(made.folder, "mounted"));
  await store.put("a/b", text("x"));
  assert.deepEqual(await store.get("a/b"), text("x"));
});

Deno.test("a folder: a sweep removes what killed writes left, and only what is old", async () => {
  await using made = await ground();
  const { folder, store, leftovers } = made;
  await store.put("a/b", text("x"));
  await Deno.writeTextFile(join(folder, "store/a/.partial-old"), "half");
  await Deno.writeTextFile(join(folder, "store/a/.partial-new"), "half");
  const now = Temporal.Now.instant();
  const yesterday = new Date(now.subtract({ hours: 25 }).epochMilliseconds);
  await Deno.utime(join(folder, "store/a/.partial-old"), yesterday, yesterday);
  assert.deepEqual((await store.list("")).map(({ name }) => name), ["a/b"]);
  const aDayAgo = now.subtract({ hours: 24 });
  assert.equal(await store.sweep("b/", aDayAgo), 0);
  assert.equal(await store.sweep("a/2026", aDayAgo), 1);
  assert.deepEqual(await leftovers(), [".partial-new"]);
});

Deno.test("a folder: a file in its place is told with what to do", async () => {
  await using made = await ground();
  await Deno.writeTextFile(join(made.folder, "store"), "");
  await assert.rejects(made.store.put("a", text("x")), (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.remedy, "name a folder, not a file");
    assert.match(error.message, /^Cannot /);
    return true;
  });
  await assert.rejects(made.store.list(""), StoreError);
});
