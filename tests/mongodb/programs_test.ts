import assert from "node:assert/strict";
import { checkDatabaseName, restoredName } from "../../lib/mongodb/database_name.ts";
import { compareContent, contentOf } from "../../lib/mongodb/compare.ts";
import { dumpProgram, readRestored, restoreProgram } from "../../lib/mongodb/programs.ts";

const target = { uri: "mongodb://u@db/", password: "hidden", hosts: "db" };

async function inputOf({ stdin }: ReturnType<typeof dumpProgram>) {
  return await new Response(stdin).text();
}

Deno.test("the password is the first line that a tool reads, and no argument", async () => {
  const dump = dumpProgram((tool) => tool, target, { database: "-odd" });
  assert.deepEqual(dump.argv, ["mongodump", "--uri=mongodb://u@db/", "--archive", "--db=-odd"]);
  assert.equal(await inputOf(dump), "hidden\n");
  const restore = restoreProgram((tool) => tool, target, new Blob(["archive"]).stream(), {});
  assert.equal(await inputOf(restore), "hidden\narchive");
});

Deno.test("without a password the archive is all that mongorestore reads", async () => {
  const { password: _, ...open } = target;
  const archive = new Blob(["archive"]).stream();
  assert.equal(await inputOf(restoreProgram((tool) => tool, open, archive, {})), "archive");
});

Deno.test("an archive that fails fails mongorestore's input", async () => {
  const archive = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new Error("cut off")),
  });
  await assert.rejects(inputOf(restoreProgram((tool) => tool, target, archive, {})), /cut off/);
});

Deno.test("a star in a database's name stands for itself", () => {
  const { argv } = restoreProgram((tool) => tool, target, new Blob([]).stream(), {
    database: { from: "a*b", to: "c" },
  });
  assert.deepEqual(argv.slice(-3), ["--nsInclude=a\\*b.*", "--nsFrom=a\\*b.*", "--nsTo=c.*"]);
});

Deno.test("what mongorestore says of documents that failed is read", () => {
  assert.deepEqual(
    readRestored("…\t12 document(s) restored successfully. 3 document(s) failed to restore.\n"),
    { restored: 12, failed: 3 },
  );
  assert.equal(readRestored("done"), undefined);
});

Deno.test("a name for what is restored tells the backup, and is cut where it would be too long", () => {
  const id = "20261121T030000Z-3fa9c2";
  assert.equal(restoredName("shop", id), `shop_restored_${id}`);
  const long = restoredName("ü".repeat(31), id);
  assert.ok(new TextEncoder().encode(long).length <= 63);
  assert.ok(long.startsWith("üüü") && long.endsWith(id));
});

Deno.test("names that no database can have are refused, and those of the server too", () => {
  for (const name of ["", "a.b", "a b", 'a"b', "$a", "a/b", "x".repeat(64), "admin", "local"]) {
    assert.throws(() => checkDatabaseName(name), { message: /Cannot restore into the database/ });
  }
  checkDatabaseName("shop-2_ü*");
});

Deno.test("a comparison tells what lacks, what has other counts, and what is there besides", () => {
  const wanted = contentOf({
    collections: { "a.one": 1, "a.two": 2, "a.system.buckets.load": 4, "ab.one": 9 },
    views: ["a.seen", "b.other"],
  }, { from: "a", to: "z" });
  assert.deepEqual(
    compareContent(
      { collections: { "z.one": 2, "z.load": 4, "z.new": 1 }, views: [] },
      wanted,
    ),
    {
      wrong: [
        "z.one has 2 documents, wanted 1",
        "the collection z.two is not there",
        "the view z.seen is not there",
      ],
      extra: ["z.new"],
    },
  );
});
