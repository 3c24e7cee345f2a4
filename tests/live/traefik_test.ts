import assert from "node:assert/strict";
import { ensureCertificates } from "../../lib/local/certificates.ts";
import { type Ground, withGround } from "../e2e/ground.ts";
import { handshakeAnswer, type HttpsTarget, request, statuses } from "./raw_https.ts";
import { withTraefik } from "./traefik_process.ts";

const namespace = "bareuptime-backend";
const apiHosts = ["api1.bareuptime.co", "api.bareuptime.co"];
const mcpHost = "mcp.bareuptime.co";
/** Any address of 127.0.0.0/8 is loopback; this one leaves port 8080 of the usual one to others. */
const backendAddress = "127.83.76.80";

Deno.test("BareUptime's routes, served by a real Traefik", async (t) => {
  await withGround(async (ground) => {
    const { code, stderr } = await ground.run(["bootstrap", "--platform", "bareuptime"]);
    assert.equal(code, 0, stderr);
    const caCert = await giveCertificates(ground);
    const backend = Deno.serve(
      { hostname: backendAddress, port: 8080, onListen: () => {} },
      ({ headers }) => new Response(`backend for ${headers.get("host")}`),
    );
    try {
      await leadToLoopback(ground);
      await withTraefik(ground, async ({ httpsPort, log }) => {
        const api: HttpsTarget = { port: httpsPort, host: apiHosts[0]!, caCert };
        const mcp: HttpsTarget = { ...api, host: mcpHost };
        await untilServed([api, mcp], log);
        await steps(t, api, mcp);
      });
    } finally {
      await backend.shutdown();
    }
  });
});

async function steps(t: Deno.TestContext, api: HttpsTarget, mcp: HttpsTarget) {
  await t.step(
    "both names of the API lead to the backend, with a certificate for each",
    async () => {
      for (const host of apiHosts) {
        const { status, body } = await request({ ...api, host }, "/health");
        assert.deepEqual({ status, body }, { status: 200, body: `backend for ${host}` });
      }
    },
  );

  await t.step("TLS 1.1 is refused, TLS 1.2 is not", async () => {
    assert.equal(await handshakeAnswer(api, "1.1"), "refused");
    assert.equal(await handshakeAnswer(api, "1.2"), "accepted");
  });

  await t.step("browsers are told to insist on HTTPS, and not to frame or guess", async () => {
    const { headers } = await request(api, "/");
    assert.equal(headers.get("strict-transport-security"), "max-age=31536000; includeSubDomains");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "strict-origin-when-cross-origin");
  });

  await t.step("scripts may call from bareuptime.co, and from nowhere else", async () => {
    const allowedFor = async (origin: string, method = "GET") => {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await request(api, "/", { method, headers });
      return response.headers.get("access-control-allow-origin");
    };
    for (const method of ["GET", "OPTIONS"]) {
      assert.equal(await allowedFor("https://bareuptime.co", method), "https://bareuptime.co");
      assert.equal(await allowedFor("https://evil.example", method), null);
      assert.equal(await allowedFor("https://bareuptime.co.evil.example", method), null);
    }
  });

  await t.step("who shook hands for one host cannot ask for another", async () => {
    const { status } = await request(api, "/", { headers: { host: "other.bareuptime.co" } });
    // Misdirected: the other host may have other TLS options. Source: RFC 9110, section 15.5.20.
    assert.equal(status, 421);
  });

  await t.step("who asks the MCP host more than 100 times is refused, not before", async () => {
    assert.deepEqual((await refusals(mcp, 100)).refused, 0);
    const { served, refused, seconds } = await refusals(mcp, 60);
    assert(refused > 0, `60 more requests were served within ${seconds} s`);
    assert(served <= allowedIn(seconds, 100), `${served} were served in ${seconds} s`);
  });

  await t.step("the API has a limit of its own, of 200", async () => {
    const { served, refused, seconds } = await refusals(api, 320);
    // Some of the 200 were used up by the steps before.
    assert(served > 150, `${served} were served`);
    assert(served <= 200 + allowedIn(seconds, 200), `${served} were served in ${seconds} s`);
    assert(refused > 0, `all were served in ${seconds} s`);
  });
}

/** Requests that a limit lets through in a time, whatever came before, and one for rounding. */
function allowedIn(seconds: number, perMinute: number): number {
  return Math.ceil(seconds * perMinute / 60) + 1;
}

/** Ask many times, and count what is served and what is refused for coming too fast. */
async function refusals(target: HttpsTarget, times: number) {
  const startedAt = performance.now();
  const answers = await statuses(target, "/", times);
  const count = {
    served: answers.filter((status) => status === 200).length,
    refused: answers.filter((status) => status === 429).length,
  };
  assert.equal(count.served + count.refused, times, `answers were ${answers}`);
  return { ...count, seconds: (performance.now() - startedAt) / 1000 };
}

/** Certificates of the platform's hosts, as cert-manager would deliver them; returns that of their authority. */
async function giveCertificates(ground: Ground): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-tls-" });
  try {
    await ensureCertificates(folder, Temporal.Now.instant(), [
      { file: "authority", commonName: "test authority" },
      { file: "api", commonName: "api", signedBy: "authority", serverNames: apiHosts },
      { file: "mcp", commonName: "mcp", signedBy: "authority", serverNames: [mcpHost] },
    ]);
    const read = (file: string) => Deno.readTextFile(`${folder}/${file}`);
    await ground.asAdmin(async (client) => {
      for (const file of ["api", "mcp"]) {
        await client.apply({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: `backend-${file}-tls`, namespace },
          type: "kubernetes.io/tls",
          data: {
            "tls.crt": btoa(await read(`${file}.crt`)),
            "tls.key": btoa(await read(`${file}.key`)),
          },
        }, { force: true });
      }
    });
    return await read("authority.crt");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The simulated pods answer nothing, so the Service leads to the test's own backend instead. */
async function leadToLoopback(ground: Ground): Promise<void> {
  await ground.asAdmin(async (client) => {
    const ref = { apiVersion: "v1", kind: "Service", namespace, name: "backend" };
    await client.delete(ref);
    await client.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "backend", namespace },
      spec: {
        type: "ExternalName",
        externalName: backendAddress,
        ports: [{ name: "http", port: 8080 }],
      },
    });
  });
}

/** Traefik tells nobody when it has read its routes, so it is asked until it serves all of them. */
async function untilServed(targets: readonly HttpsTarget[], log: () => Promise<string>) {
  const deadline = AbortSignal.timeout(30_000);
  for (const target of targets) {
    for (;;) {
      const served = await request(target, "/").then(({ status }) => status === 200, () => false);
      if (served) break;
      if (deadline.aborted) assert.fail(`Traefik does not serve ${target.host}:\n${await log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
