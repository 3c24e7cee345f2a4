import assert from "node:assert/strict";
import { fixedCredential } from "../../../lib/kube/connection/auth.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { createClient } from "../../../lib/kube/client/client.ts";
import type { ConnectionConfig } from "../../../lib/kube/connection/connection.ts";
import {
  ConnectionFailed,
  type ConnectionProblem,
} from "../../../lib/kube/client/connection_error.ts";
import { createTestAuthority, type Issued } from "../certificates.ts";
import { connectionTo } from "../fake_api.ts";

const day = 86_400_000;
const now = Date.now();
const authority = await createTestAuthority();
const valid = await authority.issue({
  subject: "CN=server",
  notBefore: new Date(now - day / 2),
  notAfter: new Date(now + day / 2),
});

/** Run a test against a TLS server on loopback. */
async function withServer(
  issued: Issued | undefined,
  test: (port: number) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const tls = issued === undefined ? {} : { cert: issued.certPem, key: issued.keyPem };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: ending.signal, onListen: () => {}, ...tls },
    () => new Response("ok"),
  );
  try {
    await test(server.addr.port);
  } finally {
    ending.abort();
    await server.finished;
  }
}

async function read(url: string, config: Partial<ConnectionConfig> = {}): Promise<string> {
  const client = createClient(connectionTo(url, config), {
    redactor: createRedactor(),
    retry: { sleep: () => Promise.resolve() },
  });
  try {
    return await client.read("/readyz");
  } finally {
    client.close();
  }
}

async function fails(
  reading: Promise<string>,
  problem: ConnectionProblem,
  message: RegExp,
  remedy: RegExp,
): Promise<void> {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof ConnectionFailed, String(error));
    assert.equal(error.problem, problem);
    assert.match(error.message, message);
    assert.match(error.message, /^Cannot read \/readyz at https?:\/\//);
    assert.match(error.remedy!, remedy);
    return true;
  });
}

const trusting = { caPem: authority.caPem };

Deno.test("a server whose CA is known is trusted", () =>
  withServer(valid, async (port) => {
    assert.equal(await read(`https://127.0.0.1:${port}`, trusting), "ok");
  }));

Deno.test("a server of another CA with the same name is not trusted", () =>
  withServer(valid, async (port) => {
    const other = await createTestAuthority();
    await fails(
      read(`https://127.0.0.1:${port}`, { caPem: other.caPem }),
      "unknown-ca",
      /signed by a CA that this connection does not know/,
      /certificate-authority-data/,
    );
  }));

Deno.test("an expired server certificate is told with the time of its end", async () => {
  const expired = await authority.issue({
    subject: "CN=server",
    notBefore: new Date("2025-01-02T03:04:05Z"),
    notAfter: new Date("2026-01-02T03:04:05Z"),
  });
  await withServer(
    expired,
    (port) =>
      fails(
        read(`https://127.0.0.1:${port}`, trusting),
        "server-certificate-expired",
        /the server's certificate has expired \(on 2026-01-02T03:04:05Z\)/,
        /renew/,
      ),
  );
});

Deno.test("a certificate of another name is told with the names", async () => {
  const elsewhere = await authority.issue({
    subject: "CN=server",
    notBefore: new Date(now - day / 2),
    notAfter: new Date(now + day / 2),
    host: "elsewhere.example",
  });
  await withServer(
    elsewhere,
    (port) =>
      fails(
        read(`https://127.0.0.1:${port}`, trusting),
        "server-certificate-invalid",
        /not valid for name "127\.0\.0\.1".*elsewhere\.example/,
        /--tls-san/,
      ),
  );
});

Deno.test("https to a plain server, and plain to an https server, point at the URL", async () => {
  await withServer(
    undefined,
    (port) =>
      fails(read(`https://127.0.0.1:${port}`), "protocol", /does not speak/, /https or http/),
  );
  await withServer(
    valid,
    (port) =>
      fails(read(`http://127.0.0.1:${port}`), "protocol", /does not speak/, /https or http/),
  );
});

Deno.test("a connection that is closed before its answer is told", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = (async () => {
    for await (const connection of listener) connection.close();
  })();
  await fails(
    read(`http://127.0.0.1:${listener.addr.port}`),
    "closed",
    /closed before the answer was complete/,
    /API server runs/,
  );
  listener.close();
  await closing;
});

Deno.test("a certificate and a key that do not fit are refused as wrong configuration", async () => {
  const other = await authority.issue({
    subject: "CN=other",
    notBefore: new Date(now - day),
    notAfter: new Date(now + day),
  });
  const certificate = { certPem: valid.certPem, keyPem: other.keyPem, source: "/kc" };
  await assert.rejects(
    read("https://127.0.0.1:9", { credentials: fixedCredential({ certificate }) }),
    (error) => error instanceof UsageError && /client certificate \/kc/.test(error.message),
  );
});

Deno.test("texts of the operating system and of TLS are recognised", () => {
  for (
    const [text, problem, retryable] of [
      [
        "client error (Connect): tcp connect error: Connection refused (os error 111)",
        "refused",
        true,
      ],
      [
        "client error (Connect): received fatal alert: CertificateExpired",
        "client-certificate-refused",
        false,
      ],
      [
        "client error (Connect): tcp connect error: No route to host (os error 113)",
        "unreachable",
        true,
      ],
      [
        "dns error: failed to lookup address information: Name or service not known",
        "name-not-resolved",
        false,
      ],
      [
        "dns error: failed to lookup address information: Temporary failure in name resolution",
        "name-not-resolved",
        true,
      ],
      ["client error (SendRequest): connection reset by peer", "closed", true],
      ["something new", "other", false],
    ] as const
  ) {
    const cause = new Error(`error sending request for url (https://a/): ${text}`);
    const error = new ConnectionFailed(
      "list Pod",
      "https://a",
      new TypeError("fetch failed", { cause }),
    );
    assert.equal(error.problem, problem);
    assert.equal(error.retryable, retryable, text);
  }
});
