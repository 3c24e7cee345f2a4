import assert from "node:assert/strict";
import { SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import {
  type ExecConfig,
  execCredentials,
  type ExecOptions,
} from "../../../lib/kube/connection/auth_exec.ts";

const start = Temporal.Instant.from("2026-11-21T12:00:00Z");
const config: ExecConfig = {
  apiVersion: "client.authentication.k8s.io/v1",
  command: "login-plugin",
  args: ["get-token"],
  env: { PROFILE: "ops" },
  interactiveMode: "IfAvailable",
  source: '/kc, user "ops"',
};

function answer(status: unknown, apiVersion = config.apiVersion): string {
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

/** Credentials of a plugin that the test plays, with a clock that it moves. */
function plugin(prints: () => string, more: Partial<ExecConfig & ExecOptions> = {}) {
  let now = start;
  const runs: { info: { spec: Record<string, unknown> }; terminal: boolean }[] = [];
  const redactor = createRedactor();
  const credentials = execCredentials({ ...config, ...more }, {
    now: () => now,
    redactor,
    run(_, { env, terminal }) {
      runs.push({ info: JSON.parse(env["KUBERNETES_EXEC_INFO"]!), terminal });
      return Promise.resolve(prints());
    },
    ...more,
  });
  return {
    credentials,
    runs,
    redactor,
    advance: (seconds: number) => void (now = now.add({ seconds })),
    authorization: async () => (await credentials.current()).authorization,
  };
}

Deno.test("an exec plugin runs once until its credential expires", async () => {
  let count = 0;
  const { credentials, runs, advance, authorization } = plugin(() =>
    answer({ token: `token-${++count}`, expirationTimestamp: "2026-11-21T12:10:00Z" })
  );
  await Promise.all([authorization(), authorization()]);
  advance(599);
  assert.equal(await authorization(), "Bearer token-1");
  assert.equal(runs.length, 1);
  advance(1);
  assert.equal(await authorization(), "Bearer token-2");
  const refused = await credentials.current();
  assert.equal(credentials.renew(refused), true);
  assert.equal(await authorization(), "Bearer token-4");
});

Deno.test("a credential without an end is kept, until the server refuses it", async () => {
  const { credentials, runs, advance, authorization } = plugin(() => answer({ token: "for-ever" }));
  await authorization();
  advance(10_000_000);
  const refused = await credentials.current();
  assert.equal(runs.length, 1);
  credentials.renew(refused);
  await authorization();
  credentials.renew(refused);
  await authorization();
  assert.equal(runs.length, 2);
});

Deno.test("the plugin is told the protocol, the cluster and whether there is a terminal", async () => {
  const cluster = { server: "https://203.0.113.5:6443" };
  const { runs, authorization } = plugin(() => answer({ token: "t0ken" }), {
    cluster,
    interactive: true,
  });
  await authorization();
  assert.deepEqual(runs, [{
    info: {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: true, cluster },
    } as unknown as typeof runs[0]["info"],
    terminal: true,
  }]);
});

Deno.test("a plugin may give a client certificate, by v1beta1 too", async () => {
  const apiVersion = "client.authentication.k8s.io/v1beta1";
  const { credentials, redactor } = plugin(
    () => answer({ clientCertificateData: "CERT", clientKeyData: "PRIVATE" }, apiVersion),
    { apiVersion },
  );
  assert.deepEqual(await credentials.current(), {
    certificate: {
      certPem: "CERT",
      keyPem: "PRIVATE",
      source: 'from the exec plugin login-plugin, /kc, user "ops"',
    },
  });
  assert.ok(!redactor.redact("PRIVATE").includes("PRIVATE"));
});

Deno.test("what a plugin prints wrongly is refused, and never shown", async () => {
  for (
    const [printed, message] of [
      ["", /it is empty, wanted an ExecCredential/],
      ["token: s3cr3t", /it is not JSON, wanted an ExecCredential/],
      [
        answer({ token: "s3cr3t" }, "client.authentication.k8s.io/v1beta1"),
        /found ExecCredential of client\.authentication\.k8s\.io\/v1beta1, wanted/,
      ],
      ["null", /found undefined of undefined/],
      [answer({}), /neither a token nor a client certificate/],
      [answer(undefined), /neither a token nor a client certificate/],
      [answer({ clientKeyData: "s3cr3t" }), /only one of/],
      [answer({ token: "s3cr3t", expirationTimestamp: "soon" }), /expirationTimestamp is "soon"/],
    ] as const
  ) {
    await assert.rejects(plugin(() => printed).authorization(), (error) => {
      assert.ok(error instanceof SlipwayError);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("s3cr3t"));
      assert.match(error.remedy!, /run login-plugin by hand/);
      return true;
    });
  }
});

Deno.test("a protocol that is too old, and a terminal that is missing, are refused", () => {
  assert.throws(
    () => plugin(() => "", { apiVersion: "client.authentication.k8s.io/v1alpha1" }),
    (error) =>
      error instanceof UsageError &&
      /apiVersion is "client\.authentication\.k8s\.io\/v1alpha1"/.test(error.message),
  );
  assert.throws(
    () => plugin(() => "", { interactiveMode: "Always" }),
    (error) => error instanceof UsageError && /needs a terminal/.test(error.message),
  );
});
