import assert from "node:assert/strict";
import script from "../../../manifests/components/data/scripts/mongodb_members.mongosh" with {
  type: "text",
};

const hosts = ["db-0.db:27017", "db-1.db:27017", "db-2.db:27017"];

/** A MongoDB deployment, as far as the script sees it. */
interface Deployment {
  /** Members by host; undefined before the set is founded. */
  members?: { _id: number; host: string }[];
  primary: string;
  version: number;
  /** Roles by user and database, such as `app@shop`. */
  users: Record<string, { pwd: string; roles: unknown[] }>;
}

class Quit extends Error {
  constructor(readonly code: number) {
    super(`quit(${code})`);
  }
}

/** Run the script in one pod; the exit code and what it printed. */
function run(
  deployment: Deployment,
  pod: string,
  options: { users?: object[]; lost?: string[]; hosts?: string[]; password?: string } = {},
): { code: number; printed: string[] } {
  const printed: string[] = [];
  const settings = { replicaSet: "rs0", hosts: options.hosts ?? hosts, users: options.users ?? [] };
  const hostOf = (url: string) => new URL(url).host.replace(/^127\.0\.0\.1/, `${pod}.db`);
  let loggedIn = false;
  const authorize = () => {
    if (!loggedIn && Object.keys(deployment.users).length > 0) throw new Error("not authorized");
  };
  const database = (host: string, name: string): Record<string, unknown> => ({
    hello: () => {
      const joined = deployment.members?.some((member) => member.host === host) === true &&
        options.lost?.includes(host) !== true;
      return {
        setName: joined ? "rs0" : undefined,
        isWritablePrimary: joined && host === deployment.primary,
        secondary: joined && host !== deployment.primary,
      };
    },
    auth: (user: string, pwd: string) => {
      if (deployment.users[`${user}@${name}`]?.pwd !== pwd) {
        throw new Error("Authentication failed");
      }
      loggedIn = true;
    },
    createUser: ({ user, pwd, roles }: { user: string; pwd: string; roles: unknown[] }) => {
      authorize();
      deployment.users[`${user}@${name}`] = { pwd, roles };
    },
    adminCommand: (command: Record<string, never>) => {
      if ("replSetInitiate" in command) {
        assert.equal(deployment.members, undefined, "a second set was founded");
        deployment.members = (command["replSetInitiate"] as Deployment & object).members;
        return;
      }
      authorize();
      if ("replSetGetConfig" in command) {
        const { members, version } = deployment;
        return { config: structuredClone({ members, version }) };
      }
      const config = command["replSetReconfig"] as unknown as Required<Deployment>;
      assert.equal(config.version, deployment.version + 1);
      deployment.members = config.members;
      deployment.version = config.version;
    },
    getSiblingDB: (other: string) => database(host, other),
    runCommand: (command: Record<string, never>) => {
      authorize();
      const user = command["usersInfo"] ?? command["createUser"] ?? command["updateUser"];
      const key = `${user}@${name}`;
      if ("usersInfo" in command) {
        return { users: key in deployment.users ? [deployment.users[key]] : [] };
      }
      deployment.users[key] = { pwd: command["pwd"]!, roles: command["roles"]! };
    },
  });
  const globals = {
    require: () => ({ readFileSync: () => JSON.stringify(settings) }),
    connect: (url: string) => database(hostOf(url), "admin"),
    print: (line: string) => printed.push(line),
    quit: (code: number) => {
      throw new Quit(code);
    },
    process: {
      env: {
        POD_NAME: pod,
        ROOT_USER: "root",
        ROOT_PASSWORD: options.password ?? "secret",
        USER_PASSWORD_0: "app-secret",
      },
    },
  };
  try {
    new Function(...Object.keys(globals), script)(...Object.values(globals));
    return { code: 0, printed };
  } catch (error) {
    if (!(error instanceof Quit)) throw error;
    return { code: error.code, printed };
  }
}

const fresh = (): Deployment => ({ primary: hosts[0]!, version: 1, users: {} });

/** Run until the script ends with 0, as the container beside a member does. */
function converge(deployment: Deployment, pod: string, options: Parameters<typeof run>[2] = {}) {
  for (let tries = 1; tries <= 10; tries++) {
    if (run(deployment, pod, options).code === 0) return tries;
  }
  assert.fail("it never ends with 0");
}

Deno.test("the members' script founds a set with all members, and makes the root user", () => {
  const deployment = fresh();
  converge(deployment, "db-0");
  assert.deepEqual(deployment.members?.map(({ host }) => host), hosts);
  assert.deepEqual(deployment.users["root@admin"], { pwd: "secret", roles: ["root"] });
});

Deno.test("the members' script founds no set from another pod than the first", () => {
  const deployment = fresh();
  const { code, printed } = run(deployment, "db-1");
  assert.equal(code, 1);
  assert.match(printed[0]!, /db-0\.db:27017 initiates rs0/);
  assert.equal(deployment.members, undefined);
});

Deno.test("the members' script founds no second set when the first member lost its data", () => {
  const deployment = fresh();
  converge(deployment, "db-0");
  const { code, printed } = run(deployment, "db-0", { lost: [hosts[0]!] });
  assert.equal(code, 1);
  assert.match(printed[0]!, /db-1\.db:27017 is a member already/);
});

Deno.test("the members' script changes nothing when run again", () => {
  const deployment = fresh();
  converge(deployment, "db-0");
  const before = structuredClone(deployment);
  for (const pod of ["db-0", "db-1", "db-2"]) assert.equal(run(deployment, pod).code, 0);
  assert.deepEqual(deployment, before);
});

Deno.test("the members' script makes users on whichever member is primary", () => {
  const users = [{ user: "app", database: "shop", roles: [{ role: "readWrite", db: "shop" }] }];
  const deployment = fresh();
  run(deployment, "db-0", { users });
  deployment.primary = hosts[1]!;
  assert.equal(run(deployment, "db-2", { users }).code, 1, "a secondary waits for the primary");
  assert.equal(run(deployment, "db-1", { users }).code, 0);
  assert.deepEqual(deployment.users["app@shop"], {
    pwd: "app-secret",
    roles: [{ role: "readWrite", db: "shop" }],
  });
  assert.equal(run(deployment, "db-2", { users }).code, 0);
});

Deno.test("the members' script adds and removes members one at a time", () => {
  const deployment = fresh();
  converge(deployment, "db-0");
  const more = [...hosts, "db-3.db:27017", "db-4.db:27017"];
  const { printed } = run(deployment, "db-0", { hosts: more });
  assert.match(printed[0]!, /db-3\.db:27017 joins/);
  assert.equal(deployment.members?.length, 4);
  assert.equal(converge(deployment, "db-0", { hosts: more }), 2);
  assert.deepEqual(deployment.members?.map(({ _id }) => _id), [0, 1, 2, 3, 4]);
  assert.equal(converge(deployment, "db-0"), 3);
  assert.deepEqual(deployment.members?.map(({ host }) => host), hosts);
});

Deno.test("the members' script says so when the root user has another password", () => {
  const deployment = fresh();
  converge(deployment, "db-0");
  const { code, printed } = run(deployment, "db-0", { password: "other" });
  assert.equal(code, 1);
  assert.match(printed[0]!, /a root user with the password of the Secret: Authentication failed/);
});
