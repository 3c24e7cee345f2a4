import assert from "node:assert/strict";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Context } from "../../lib/core/context.ts";
import { ProgramFailed } from "../../lib/core/program_failed.ts";
import { backupMongodb } from "../../lib/flows/mongodb/backup.ts";
import { restoreMongodb } from "../../lib/flows/mongodb/restore.ts";
import { ArchiveDamaged } from "../../lib/mongodb/archive_damaged.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { argumentsLog, type StandInServer } from "../mongodb/stand_in.ts";
import { writeMongodbTools } from "../mongodb/stand_in_tools.ts";

const password = "p@ss w%rd/ü";

const shop: StandInServer = {
  users: { backup: password },
  databases: {
    shop: { orders: ["1", "2", "3"], "line.items": [] },
    "a*b": { odd: ["x"] },
    books: { orders: ["4"] },
  },
  oplog: ["i"],
};

interface Ground {
  context: ReturnType<typeof testContext>;
  request: { connection: string; store: string; recipient: string[] };
  identity: string[];
  folder: string;
  server(): Promise<StandInServer>;
  change(change: (server: StandInServer) => void): Promise<void>;
  /** Names of all files in the store, without those of leases. */
  stored(): Promise<string[]>;
}

async function withMongodb(
  work: (ground: Ground) => Promise<void>,
  changes: Partial<Context> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const [file, store] = [join(folder, "server.json"), join(folder, "store")];
    await writeMongodbTools(folder, file);
    await Deno.writeTextFile(file, JSON.stringify(shop));
    const identity = await generateX25519Identity();
    await Deno.writeTextFile(join(folder, "identity"), identity);
    const environment: Record<string, string | undefined> = {
      SLIPWAY_MONGODB_BIN: folder,
      MONGODB_PASSWORD: password,
      PATH: Deno.env.get("PATH"),
      HOME: Deno.env.get("HOME"),
    };
    const server = async () => JSON.parse(await Deno.readTextFile(file)) as StandInServer;
    await work({
      context: testContext({ env: (name) => environment[name], cwd: folder, ...changes }),
      request: {
        connection: "mongodb://backup@db:27017/admin?replicaSet=rs0",
        store,
        recipient: [await identityToRecipient(identity)],
      },
      identity: ["identity"],
      folder,
      server,
      async change(change) {
        const changed = await server();
        change(changed);
        await Deno.writeTextFile(file, JSON.stringify(changed));
      },
      stored: async () => (await filesIn(store)).filter((name) => !/lease\.\d+\.json$/.test(name)),
    });
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) found.push(...await filesIn(join(folder, name)));
      else found.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

Deno.test("a database comes back under a new name, with as many documents in each collection", async () => {
  await withMongodb(async ({ context, request, identity, folder, server }) => {
    await backupMongodb({ ...request, databases: ["shop", "a*b"] }, context);
    assert.equal(
      await restoreMongodb({ ...request, identity, database: "shop", from: "latest" }, context),
      0,
    );
    await restoreMongodb(
      { ...request, identity, database: "a*b", from: "latest", to: "c*d" },
      context,
    );
    const { databases } = await server();
    const [restored = ""] = Object.keys(databases).filter((name) =>
      name.startsWith("shop_restored_")
    );
    assert.deepEqual(databases[restored], shop.databases["shop"]);
    assert.deepEqual(databases["c*d"], shop.databases["a*b"]);
    assert.deepEqual(databases["shop"], shop.databases["shop"]);
    const log = await Deno.readTextFile(join(folder, argumentsLog));
    assert.ok(!log.includes("p%40ss") && !log.includes(password), "no password on a command line");
    assert.match(log, /--uri=mongodb:\/\/backup@db:27017\/\?replicaSet=rs0&authSource=admin/);
  });
});

Deno.test("all of a replica set is dumped with its oplog, and one database of it can be taken alone", async () => {
  await withMongodb(async ({ context, request, identity, folder, server }) => {
    await backupMongodb(request, context);
    assert.match(await Deno.readTextFile(join(folder, argumentsLog)), /mongodump .*--oplog/);
    await restoreMongodb(
      { ...request, identity, database: "books", from: "latest", to: "books2" },
      context,
    );
    assert.deepEqual((await server()).databases["books2"], { orders: ["4"] });
    const notes = context.events.filter(({ type }) => type === "note");
    assert.match(JSON.stringify(notes), /1 changes that were made during the dump stay out/);
  });
});

Deno.test("GlucoSync's job finds all that it needs in its environment", async () => {
  await withMongodb(async ({ context, request: { store }, folder, stored }) => {
    const uri = `mongodb://backup:${encodeURIComponent(password)}@db:27017/admin?replicaSet=rs0`;
    const env = (name: string) =>
      ({ MONGODB_URI: uri, MONGODB_PASSWORD: undefined })[name] ?? context.env(name);
    const request = { platform: "glucosync", env: "production", job: "backup-mongodb", store };
    assert.equal(await backupMongodb(request, { ...context, env }), 0);
    assert.equal((await stored()).length, 2);
    const place = join(folder, "store/mongodb/glucosync-production/mongodb");
    const [name = ""] = (await filesIn(place)).filter((each) => /-[0-9a-f]{6}\.json$/.test(each));
    const record = JSON.parse(await Deno.readTextFile(join(place, name)));
    assert.notEqual(record.recipients.length, 0);
    assert.deepEqual(record.details, {
      serverVersion: "7.0.25",
      toolVersion: "100.13.0",
      via: "connection",
      oplogEntries: 1,
      collections: { "shop.orders": 3, "shop.line.items": 0, "a*b.odd": 1, "books.orders": 1 },
      views: [],
    });
    assert.ok(!JSON.stringify(context.events).includes(password));
  });
});

Deno.test("a dump whose maker failed, or that is cut off though its maker says that all is well, is no backup", async () => {
  await withMongodb(async ({ context, request, change, stored }) => {
    await change((server) => server.fault = { tool: "mongodump", bytes: 700, exitCode: 1 });
    await assert.rejects(
      backupMongodb(request, context),
      (error) => error instanceof ProgramFailed && /connection closed/.test(error.message),
    );
    await change((server) => server.fault = { tool: "mongodump", bytes: 700, exitCode: 0 });
    await assert.rejects(backupMongodb(request, context), ArchiveDamaged);
    assert.deepEqual(await stored(), []);
    await change((server) => delete server.fault);
    await backupMongodb(request, context);
    assert.equal((await stored()).length, 2);
  });
});

Deno.test("a database that nobody knows is no empty backup", async () => {
  await withMongodb(async ({ context, request, stored }) => {
    await assert.rejects(backupMongodb({ ...request, databases: ["shpo"] }, context), {
      message: /Refused to keep an empty backup of database shpo/,
    });
    assert.deepEqual(await stored(), []);
  });
});

Deno.test("a wrong password is told with its remedy, and without the password", async () => {
  await withMongodb(async ({ context, request, change }) => {
    await change((server) => server.users["backup"] = "another");
    await assert.rejects(
      backupMongodb(request, context),
      (error) =>
        error instanceof ProgramFailed && /authSource/.test(error.remedy ?? "") &&
        !error.message.includes(password),
    );
  });
});

Deno.test("what is there is not restored over, unless that is confirmed, and is backed up first then", async () => {
  await withMongodb(async ({ context, request, identity, change, server, stored }) => {
    await backupMongodb({ ...request, databases: ["shop"] }, context);
    await change((server) => server.databases["shop"]!["orders"] = ["9"]);
    const restore = { ...request, identity, database: "shop", from: "latest" };
    await assert.rejects(restoreMongodb({ ...restore, to: "shop" }, context), {
      message: /Refused to restore into database shop .*it has 2 collections/,
    });
    await assert.rejects(
      restoreMongodb({ ...restore, replace: true }, {
        ...context,
        confirm: () => Promise.resolve(false),
      }),
      { message: /Nothing was changed/ },
    );
    assert.deepEqual((await server()).databases["shop"]!["orders"], ["9"]);
    await restoreMongodb({ ...restore, replace: true }, context);
    assert.deepEqual((await server()).databases["shop"], shop.databases["shop"]);
    assert.equal((await stored()).filter((name) => /-[0-9a-f]{6}\.json$/.test(name)).length, 2);
    // The newest is now what was there before.
    await restoreMongodb({ ...restore, to: "before" }, context);
    assert.deepEqual((await server()).databases["before"]!["orders"], ["9"]);
  });
});

Deno.test("a restore that mongorestore could not do fully fails, and tells how to remove what came", async () => {
  await withMongodb(async ({ context, request, identity, change }) => {
    await backupMongodb({ ...request, databases: ["shop"] }, context);
    await change((server) => server.fault = { tool: "mongorestore", refused: 1 });
    await assert.rejects(
      restoreMongodb(
        { ...request, identity, database: "shop", from: "latest", to: "back" },
        context,
      ),
      ProgramFailed,
    );
    const note = context.events.findLast(({ type }) => type === "note");
    assert.match(JSON.stringify(note), /getSiblingDB\(\\"back\\"\)\.dropDatabase/);
  });
});

Deno.test("a flipped byte in the store ends a restore with an error", async () => {
  await withMongodb(async ({ context, request, identity, folder }) => {
    await backupMongodb({ ...request, databases: ["shop"] }, context);
    const place = join(folder, "store/mongodb/standalone/db%3A27017/shop");
    const [name = ""] = (await filesIn(place)).filter((each) => each.endsWith(".zst.age"));
    const bytes = await Deno.readFile(join(place, name));
    bytes[bytes.length - 20]! ^= 1;
    await Deno.writeFile(join(place, name), bytes);
    await assert.rejects(
      restoreMongodb(
        { ...request, identity, database: "shop", from: "latest", to: "back" },
        context,
      ),
      { message: /Refused a backup: .*archive\.zst/ },
    );
  });
});
