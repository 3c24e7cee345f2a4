import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { findLogin, type LoginRequest } from "../../../lib/flows/postgres/login.ts";
import type { PostgresTarget } from "../../../lib/postgres/target.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const target: PostgresTarget = {
  host: "db.example.org",
  port: 5432,
  database: "shop",
  tls: { mode: "verify-full" },
};
const secret = { name: "db", userKey: "POSTGRES_USER", passwordKey: "POSTGRES_PASSWORD" };

function login(
  request: LoginRequest,
  variables: Record<string, string> = {},
  changes: Partial<PostgresTarget> = {},
) {
  const context = testContext({ env: (name) => variables[name] });
  return findLogin(request, { target: { ...target, ...changes }, secret }, context);
}

Deno.test("a role is taken from the command line, the URL, libpq's variable or the Secret's, in this order", async () => {
  const variables = { PGUSER: "b", POSTGRES_USER: "c", POSTGRES_PASSWORD: "secret" };
  equal((await login({ role: "r" }, variables, { user: "a" })).user, "r");
  equal((await login({}, variables, { user: "a" })).user, "a");
  equal((await login({}, variables)).user, "b");
  deepEqual(await login({}, { ...variables, PGUSER: "" }), { user: "c", password: "secret" });
  await rejects(login({}), {
    message: /which role/,
    remedy: /--role, or in PGUSER or POSTGRES_USER/,
  });
});

Deno.test("a password is taken from a file or a variable, and the redactor knows it at once", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/password`, "from a file\n");
    const context = testContext({ env: (name) => name === "PGPASSWORD" ? "from env" : undefined });
    const request = { role: "r", passwordFile: `${folder}/password` };
    equal((await findLogin(request, { target }, context)).password, "from a file");
    equal((await findLogin({ role: "r" }, { target }, context)).password, "from env");
    const text = context.redactor.redact("from a file, from env");
    ok(!text.includes("from"), text);
  });
});

Deno.test("a password file of libpq's is used when nobody else can read it", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/passwords`;
    await Deno.writeTextFile(file, "*:*:*:r:from the file\n", { mode: 0o600 });
    const context = testContext({ env: (name) => name === "PGPASSFILE" ? file : undefined });
    equal((await findLogin({ role: "r" }, { target }, context)).password, "from the file");
    equal((await findLogin({ role: "other" }, { target }, context)).password, undefined);
    await Deno.chmod(file, 0o644);
    equal((await findLogin({ role: "r" }, { target }, context)).password, undefined);
    const note = context.events.find(({ type }) => type === "note");
    equal((note as { remedy?: string }).remedy, `chmod 600 ${file}`);
  });
});
