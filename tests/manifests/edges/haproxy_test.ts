import assert from "node:assert/strict";
import type { Haproxy } from "../../../lib/platform/types.ts";
import { filesOf } from "../../../manifests/components/edges/files.ts";
import { haproxyConfig } from "../../../manifests/components/edges/haproxy.ts";

const edge: Haproxy = {
  listen: "*",
  nodes: { "worker-1": "10.0.0.11", "worker-2": "10.0.0.12", "worker-3": "fd00::13" },
  ports: {
    http: { port: 80, nodePort: 30080, mode: "http" },
    https: { port: 443, nodePort: 30443, mode: "tcp" },
  },
  balance: "roundrobin",
  healthCheck: {
    path: "/healthz",
    port: 10254,
    intervalMs: 1000,
    timeoutMs: 500,
    fall: 3,
    rise: 2,
  },
  failoverSeconds: 5,
  proxyProtocol: false,
};

function listenSection(config: string, name: string): string[] {
  const section = config.split("\n\n").find((text) => text.startsWith(`listen ${name}\n`));
  assert(section !== undefined, config);
  return section.split("\n").map((line) => line.trim());
}

Deno.test("haproxyConfig() hands encrypted connections on untouched, and reads plain requests", () => {
  const config = haproxyConfig("edge", edge);
  const https = listenSection(config, "https");
  assert(https.includes("mode tcp"));
  assert(https.includes("bind *:443"));
  assert(!https.some((line) => line.includes("ssl")));
  assert(listenSection(config, "http").includes("mode http"));
});

Deno.test("haproxyConfig() spreads connections over all nodes in turn, and asks each for /healthz", () => {
  const config = haproxyConfig("edge", edge);
  assert.match(config, /^ {4}balance roundrobin$/m);
  assert.match(config, /^ {4}default-server check port 10254 inter 1000ms fall 3 rise 2 /m);
  for (const name of ["http", "https"]) {
    const lines = listenSection(config, name);
    const port = name === "http" ? 30080 : 30443;
    assert.deepEqual(lines.filter((line) => line.startsWith("server ")), [
      `server worker-1 10.0.0.11:${port}`,
      `server worker-2 10.0.0.12:${port}`,
      `server worker-3 [fd00::13]:${port}`,
    ]);
    assert(lines.some((line) => line.startsWith("http-check send meth GET uri /healthz ")));
  }
});

Deno.test("haproxyConfig() tells nodes the client's address only where they expect it", () => {
  assert.doesNotMatch(haproxyConfig("edge", edge), /send-proxy/);
  assert.match(haproxyConfig("edge", { ...edge, proxyProtocol: true }), /send-proxy-v2/);
});

Deno.test("filesOf() names a file for each load balancer, always with the same bytes", () => {
  const platform = { haproxy: { edge, other: edge } };
  assert.deepEqual(Object.keys(filesOf(platform)), ["haproxy/edge.cfg", "haproxy/other.cfg"]);
  assert.deepEqual(filesOf(platform), filesOf(structuredClone(platform)));
});
