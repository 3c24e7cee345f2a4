import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import { readMongodbTarget } from "../../lib/mongodb/target.ts";

const read = (text: string, login = {}) =>
  readMongodbTarget(text, login, { redactor: createRedactor() });

Deno.test("a connection string loses its password, and a password of its own is decoded", () => {
  const redactor = createRedactor();
  const target = readMongodbTarget(
    "mongodb://backup:p%40ss%2Fword@a:27017,b:27017/?replicaSet=rs0&authSource=admin",
    {},
    { redactor },
  );
  assert.deepEqual(target, {
    uri: "mongodb://backup@a:27017,b:27017/?replicaSet=rs0&authSource=admin",
    password: "p@ss/word",
    hosts: "a:27017,b:27017",
    replicaSet: "rs0",
  });
  assert.equal(redactor.redact("p%40ss%2Fword p@ss/word"), "******** ********");
});

Deno.test("the database of a connection string says where the user is, and not what is dumped", () => {
  const { uri } = read("mongodb://u:pass@db/shop");
  assert.equal(uri, "mongodb://u@db/?authSource=shop");
  assert.equal(
    read("mongodb://u:pass@db/shop?authSource=admin").uri,
    "mongodb://u@db/?authSource=admin",
  );
  assert.equal(read("mongodb://db/shop").uri, "mongodb://db/");
});

Deno.test("user and password may come from elsewhere, and what the string says counts more", () => {
  const login = { user: "backup", password: "elsewhere" };
  assert.equal(
    read("mongodb+srv://db.example.org", login).uri,
    "mongodb+srv://backup@db.example.org/",
  );
  assert.equal(read("mongodb://db", login).password, "elsewhere");
  assert.equal(read("mongodb://u:own1@db", login).password, "own1");
});

Deno.test("a certificate in place of a password asks for none", () => {
  const target = read("mongodb://CN=backup@db/?authMechanism=MONGODB-X509&tls=true", {
    password: "unused",
  });
  assert.equal(target.password, undefined);
});

Deno.test("what would need a secret on a command line is refused without showing it", () => {
  for (
    const text of [
      "mongodb://u:pass@db/?tlsCertificateKeyFilePassword=hidden",
      "mongodb://u:pass@db/?authMechanismProperties=AWS_SESSION_TOKEN:hidden",
      "postgres://u:hidden@db",
      "mongodb://u:hid%den@db",
    ]
  ) {
    assert.throws(() => read(text), (error: Error) => !error.message.includes("hid"));
  }
});

Deno.test("a password that the tools could not read whole is refused before they are asked", () => {
  assert.throws(() => read("mongodb://u@db", { password: "two\nlines" }), {
    message: /control characters/,
  });
  assert.throws(() => read("mongodb://u@db"), { message: /there is no password of the user u/ });
});
