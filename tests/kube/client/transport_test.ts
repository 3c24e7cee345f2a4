import assert from "node:assert/strict";
import { TimedOut } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import type { Credential, CredentialSource } from "../../../lib/kube/connection/auth.ts";
import { createClient } from "../../../lib/kube/client/client.ts";
import { ConnectionFailed } from "../../../lib/kube/client/connection_error.ts";
import { connectionTo, json, status, withFakeApi } from "../fake_api.ts";

const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "a" };

Deno.test("429 is repeated after the time that Retry-After gives", () => {
  let tries = 0;
  return withFakeApi(
    () =>
      ++tries <= 3
        ? status(429, "TooManyRequests", { headers: { "retry-after": String(tries) } })
        : new Response("ok"),
    async ({ client, waits }) => {
      assert.equal(await client.read("/readyz"), "ok");
      assert.deepEqual(waits, [1_000, 2_000, 3_000]);
    },
  );
});

Deno.test("a Retry-After beyond the deadline is not waited for", () =>
  withFakeApi(
    () => status(429, "TooManyRequests", { headers: { "retry-after": "60" } }),
    async ({ client, waits }) => {
      await assert.rejects(
        client.read("/readyz"),
        (error) =>
          error instanceof StatusError && error.retryable &&
          error.status.details?.retryAfterSeconds === 60,
      );
      assert.deepEqual(waits, []);
    },
  ));

Deno.test("503 and 504 are repeated with growing waits, 500 is not", () => {
  const codes = [503, 504, 502];
  return withFakeApi(
    ({ path }) =>
      path === "/broken"
        ? status(500, "InternalError")
        : codes.length > 0
        ? status(codes.shift()!, "ServiceUnavailable")
        : new Response("ok"),
    async ({ client, waits, api }) => {
      assert.equal(await client.read("/readyz"), "ok");
      assert.deepEqual(waits, [100, 200, 400]);
      api.requests.length = 0;
      await assert.rejects(client.read("/broken"), StatusError);
      assert.equal(api.requests.length, 1);
    },
  );
});

Deno.test("failures that last are thrown after six tries", () =>
  withFakeApi(
    () => status(503, "ServiceUnavailable", { message: "etcd is not ready" }),
    async ({ client, api }) => {
      await assert.rejects(client.read("/readyz"), /etcd is not ready \(HTTP 503\)/);
      assert.equal(api.requests.length, 6);
    },
  ));

Deno.test("a server that never answers is a time-out that names method, object and server", () => {
  const never = Promise.withResolvers<Response>();
  return withFakeApi(
    ({ path }) => path.endsWith("/a") ? never.promise : undefined,
    async ({ client, api }) => {
      await assert.rejects(client.get(ref, { timeoutMs: 50 }), (error) => {
        assert.ok(error instanceof TimedOut);
        assert.equal(
          error.message,
          `Cannot get ConfigMap shop/a at ${api.url}: no answer within 50 ms`,
        );
        assert.equal(error.exitCode, 4);
        return true;
      });
      never.resolve(new Response());
    },
  );
});

Deno.test("the deadline covers the body, too", () => {
  const stuck = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"kind":')),
  });
  return withFakeApi(
    ({ path }) => path.endsWith("/a") ? new Response(stuck) : undefined,
    async ({ client }) => {
      await assert.rejects(client.get(ref, { timeoutMs: 50 }), TimedOut);
    },
  );
});

Deno.test("the deadline covers all tries, and a time-out tells the last failure", () =>
  withFakeApi(
    () => status(429, "TooManyRequests", { message: "too many requests" }),
    async ({ client }) => {
      await assert.rejects(
        client.read("/readyz", { timeoutMs: 80 }),
        (error) =>
          error instanceof TimedOut &&
          /no success within 80 ms; the last try: .*too many requests/.test(error.message),
      );
    },
    { retry: { firstDelayMs: 30, maxDelayMs: 30 } },
  ));

Deno.test("a caller's signal ends a request with the caller's reason", () => {
  const never = Promise.withResolvers<Response>();
  const reason = new Error("the user pressed Ctrl-C");
  const controller = new AbortController();
  return withFakeApi(
    ({ path }) => {
      if (!path.endsWith("/a")) return undefined;
      controller.abort(reason);
      return never.promise;
    },
    async ({ client }) => {
      const asked = client.get(ref, { signal: controller.signal });
      await assert.rejects(asked, (error) => error === reason);
      await assert.rejects(
        client.get(ref, { signal: controller.signal }),
        (error) => error === reason,
      );
      never.resolve(new Response());
    },
  );
});

Deno.test("a connection that is refused fails with the server's URL, cause and remedy", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  let waits = 0;
  const client = createClient(connectionTo(url), {
    redactor: createRedactor(),
    retry: { sleep: () => Promise.resolve(void waits++) },
  });
  await assert.rejects(client.read("/readyz"), (error) => {
    assert.ok(error instanceof ConnectionFailed);
    assert.equal(error.message, `Cannot read /readyz at ${url}: the connection was refused`);
    assert.equal(error.problem, "refused");
    assert.match(error.remedy!, /API server runs/);
    return true;
  });
  assert.equal(waits, 5);
  client.close();
});

Deno.test("answers that are no Status are quoted without their HTML", () =>
  withFakeApi(
    () =>
      new Response("<html><style>p{}</style><p>Bad\n gateway</p></html>", {
        status: 400,
        headers: { "content-type": "text/html" },
      }),
    async ({ client }) => {
      await assert.rejects(client.read("/x"), /Cannot read \/x: Bad gateway \(HTTP 400\)/);
    },
  ));

Deno.test("redirects are not followed, so that credentials stay here", () =>
  withFakeApi(
    () => new Response(null, { status: 302, headers: { location: "https://login.example/" } }),
    async ({ client, api }) => {
      await assert.rejects(client.read("/x"), /redirects to https:\/\/login\.example\//);
      assert.equal(api.requests.length, 1);
    },
  ));

Deno.test("a forbidden request passes the server's words on", () =>
  withFakeApi(
    () => status(403, "Forbidden", { message: 'User "nobody" cannot get path "/x"' }),
    async ({ client }) => {
      await assert.rejects(
        client.read("/x"),
        (error) =>
          error instanceof StatusError && /User "nobody" cannot/.test(error.message) &&
          !error.retryable && /role/.test(error.remedy!),
      );
    },
  ));

Deno.test("warnings of the server are told once each", () => {
  const warnings: string[] = [];
  return withFakeApi(
    () =>
      new Response("ok", {
        headers: [
          ["warning", '299 - "v1beta1 is \\"deprecated\\""'],
          ["warning", '299 - "unknown field, twice"'],
        ],
      }),
    async ({ client }) => {
      await client.read("/x");
      await client.read("/x");
      assert.deepEqual(warnings, ['v1beta1 is "deprecated"', "unknown field, twice"]);
    },
    { onWarning: (warning) => void warnings.push(warning) },
  );
});

Deno.test("after 401 the credential is renewed, and the request sent once more", () => {
  const question = { verb: "get", group: "", resource: "pods" };
  return withFakeApi(
    ({ headers }) =>
      headers.get("authorization") === "Bearer new"
        ? json({ status: { allowed: true } })
        : status(401, "Unauthorized"),
    async ({ client, api }) => {
      assert.equal(await client.mayI(question), true);
      assert.equal(await client.mayI(question), true);
      assert.deepEqual(
        api.requests.map(({ headers }) => headers.get("authorization")),
        ["Bearer old", "Bearer new", "Bearer new"],
      );
    },
    { connection: { credentials: rotating("old", "new") } },
  );
});

Deno.test("a credential that is refused twice is an error with a remedy, and is not shown", () =>
  withFakeApi(
    () => status(401, "Unauthorized", { message: "token s3cr3t-one is unknown" }),
    async ({ client, api }) => {
      await assert.rejects(client.read("/x"), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.reason, "Unauthorized");
        assert.ok(!error.message.includes("s3cr3t-one"));
        assert.match(error.remedy!, /context fake/);
        return true;
      });
      assert.equal(api.requests.length, 2);
    },
    {
      connection: { credentials: rotating("s3cr3t-one", "s3cr3t-two") },
      redactor: knowing("s3cr3t-one"),
    },
  ));

Deno.test("impersonation and the user agent are sent", () =>
  withFakeApi(
    ({ headers }) =>
      new Response(
        ["impersonate-user", "impersonate-uid", "impersonate-group", "user-agent"]
          .map((name) => headers.get(name)).join("|"),
      ),
    async ({ client }) => {
      assert.equal(await client.read("/x"), "ops|u1|admins, auditors|slipway-test");
    },
    {
      userAgent: "slipway-test",
      connection: { impersonate: { user: "ops", uid: "u1", groups: ["admins", "auditors"] } },
    },
  ));

/** Credentials of which each renewal gives the next token. */
function rotating(...tokens: string[]): CredentialSource {
  let index = 0;
  const credentials: Credential[] = tokens.map((token) => ({ authorization: `Bearer ${token}` }));
  return {
    current: () => Promise.resolve(credentials[index]!),
    renew() {
      index = Math.min(index + 1, tokens.length - 1);
      return true;
    },
  };
}

function knowing(secret: string) {
  const redactor = createRedactor();
  redactor.add(secret);
  return redactor;
}
