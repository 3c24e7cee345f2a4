import type { Haproxy, HaproxyPort } from "../../../lib/platform/types.ts";

/**
 * Configuration of HAProxy for a host in front of the cluster, by default /etc/haproxy/haproxy.cfg.
 * Source: HAProxy 2.4 and later, "Configuration Manual".
 */
export function haproxyConfig(name: string, options: Haproxy): string {
  const { healthCheck, proxyProtocol } = options;
  const { intervalMs, timeoutMs, fall, rise } = healthCheck;
  return [
    `# ${name}: spreads connections over ${
      Object.keys(options.nodes).join(", ")
    }. Rendered by slipway.\n`,
    section("global", [
      "log /dev/log local0 info",
      // Ports below 1024 want root at the start, and nothing after it; the package makes this user.
      "user haproxy",
      "group haproxy",
    ]),
    section("defaults", [
      "log global",
      "option dontlognull",
      `balance ${options.balance}`,
      // A node that does not answer is left for the next at once, before checks have noticed.
      "option redispatch 1",
      "retries 3",
      `timeout connect ${timeoutMs}ms`,
      `timeout check ${timeoutMs}ms`,
      // An hour, so that WebSockets which say nothing live on.
      "timeout client 1h",
      "timeout server 1h",
      "timeout client-fin 30s",
      "timeout queue 5s",
      [
        "default-server check",
        `port ${healthCheck.port}`,
        `inter ${intervalMs}ms`,
        `fall ${fall}`,
        `rise ${rise}`,
        // Connections that hang on a lost node are closed, so that clients come again.
        "on-marked-down shutdown-sessions",
        ...(proxyProtocol ? ["send-proxy-v2"] : []),
      ].join(" "),
    ]),
    ...Object.entries(options.ports).map(([port, settings]) => listen(port, settings, options)),
  ].join("\n");
}

function listen(name: string, { port, nodePort, mode }: HaproxyPort, options: Haproxy): string {
  const { nodes, healthCheck } = options;
  return section(`listen ${name}`, [
    `bind ${bindAddress(options.listen)}:${port}`,
    `mode ${mode}`,
    ...(mode === "http"
      ? [
        "option httplog",
        "option forwardfor",
        "timeout http-request 10s",
        "timeout http-keep-alive 30s",
      ]
      : ["option tcplog"]),
    "option httpchk",
    `http-check send meth GET uri ${healthCheck.path} ver HTTP/1.1 hdr Host health.local`,
    "http-check expect rstatus ^[23]",
    ...Object.entries(nodes).map(([node, address]) =>
      `server ${node} ${bindAddress(address)}:${nodePort ?? port}`
    ),
  ]);
}

/** IPv6 addresses as HAProxy reads them beside a port. */
function bindAddress(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function section(head: string, lines: readonly string[]): string {
  return `${head}\n${lines.map((line) => `    ${line}\n`).join("")}`;
}
