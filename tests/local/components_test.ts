import assert from "node:assert/strict";
import { parse } from "yaml";
import { componentNames, planComponents } from "../../lib/local/components.ts";
import { auditPolicy, encryptionConfig, kubeconfig } from "../../lib/local/configs.ts";

const planned = planComponents({
  folder: "/c",
  port: 6443,
  programs: { etcd: "/bin/etcd", "kube-apiserver": "/bin/kube-apiserver" },
  agentCommand: ["deno", "run", "agent.ts"],
  env: { PATH: "/bin" },
});
const argumentsOf = (name: string) => planned.find((each) => each.name === name)!.command;

Deno.test("components are planned in the order in which they start", () => {
  assert.deepEqual(planned.map(({ name }) => name), componentNames);
  assert.equal(argumentsOf("etcd")[0], "/bin/etcd");
  assert.equal(argumentsOf("kwok")[0], "kwok");
});

Deno.test("nothing but the API server listens on the network, and that on loopback", () => {
  const addresses = planned.flatMap(({ command }) =>
    command.filter((argument) => /listen|bind|secure-port|http/.test(argument))
  );
  assert.deepEqual(addresses, [
    "--listen-client-urls=unix://client.sock:0",
    "--listen-peer-urls=unix://peer.sock:0",
    "--bind-address=127.0.0.1",
    "--secure-port=6443",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "--api-audiences=https://kubernetes.default.svc.cluster.local,k3s",
    "--secure-port=0",
    "--secure-port=0",
  ]);
});

Deno.test("the API server has RBAC, k3s's admission, encryption and an audit log", () => {
  const wanted = [
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--anonymous-auth=false",
    "--encryption-provider-config=/c/encryption.yaml",
    "--audit-log-path=/c/logs/audit.log",
  ];
  for (const argument of wanted) assert.ok(argumentsOf("kube-apiserver").includes(argument));
});

Deno.test("a component is started again when a file changes that it reads at its start", () => {
  for (const { name, command, reads } of planned.slice(1)) {
    const files = command.flatMap((argument) => /=(\/c\/.*)/.exec(argument)?.[1] ?? []);
    const renewed = files.filter((file) =>
      !/\.(key|pub|log)$/.test(file) || file.endsWith("service-account.key")
    );
    assert.deepEqual(renewed.filter((file) => !reads.includes(file)), [], name);
  }
});

Deno.test("only the agent is told the kubeconfig by its environment", () => {
  assert.deepEqual(planned.at(-1)!.env, {
    PATH: "/bin",
    KUBECONFIG: "/c/kubeconfigs/node-agent.yaml",
  });
  for (const { env } of planned.slice(0, -1)) assert.deepEqual(env, { PATH: "/bin" });
});

Deno.test("a kubeconfig carries certificates and key and needs no other file", () => {
  const config = parse(kubeconfig({
    cluster: "slipway-demo",
    server: "https://127.0.0.1:6443",
    authority: "CA",
    certificate: "CERT",
    key: "KEY",
  }));
  assert.equal(config["current-context"], "slipway-demo");
  assert.deepEqual(config.clusters[0].cluster, {
    server: "https://127.0.0.1:6443",
    "certificate-authority-data": btoa("CA"),
  });
  assert.deepEqual(config.users[0].user, {
    "client-certificate-data": btoa("CERT"),
    "client-key-data": btoa("KEY"),
  });
  assert.equal(config.contexts[0].context.user, config.users[0].name);
});

Deno.test("Secrets are written encrypted; what is there in plain text stays readable", () => {
  const config = parse(encryptionConfig(new Uint8Array(32).fill(1)));
  const [first, second] = config.resources[0].providers;
  assert.deepEqual(config.resources[0].resources, ["secrets"]);
  assert.equal(first.secretbox.keys[0].secret, new Uint8Array(32).fill(1).toBase64());
  assert.deepEqual(second, { identity: {} });
});

Deno.test("the audit log has every write, and never a body", () => {
  const { rules } = parse(auditPolicy);
  assert.deepEqual(rules.at(-1), { level: "Metadata" });
  for (const rule of rules.slice(0, -1)) {
    assert.equal(rule.level, "None");
    const onlyReads = JSON.stringify(rule.verbs) === '["get","list","watch"]';
    assert.ok(onlyReads || rule.nonResourceURLs !== undefined, JSON.stringify(rule));
  }
});
