import assert from "node:assert/strict";
import { ExitCode, UsageError } from "../../lib/core/errors.ts";
import { loadPlatform } from "../../lib/platform/load.ts";
import { PlatformInvalid } from "../../lib/platform/mistake.ts";

const good = `name: demo
domain: example.org
environments:
  staging:
    workloads:
      web: { replicas: 1, env: { LOG_LEVEL: debug, TRACE: null } }
  production: {}
namespaces:
  shop: { podSecurity: restricted }
workloads:
  web:
    namespace: shop
    image: ghcr.io/example/web:1.0.0
    serviceAccount: web
    replicas: 3
    resources:
      requests: { cpu: 1, memory: 64Mi }
      limits: { cpu: 2, memory: 128Mi }
    ports: { http: 8080 }
    env: { LOG_LEVEL: info, TRACE: "1" }
    probes:
      liveness: { path: /live }
      readiness: { path: /ready }
    rollout: { maxUnavailable: 1, maxSurge: 0 }
    runAs: { user: 1000, group: 1000 }
`;

function mistakesOf(text: string): string[] {
  try {
    loadPlatform(text, { file: "platform.yaml", environment: "production" });
  } catch (error) {
    assert(error instanceof PlatformInvalid, String(error));
    assert.equal(error.exitCode, ExitCode.usage);
    return error.message.split("\n");
  }
  return [];
}

function load(environment: string) {
  return loadPlatform(good, { file: "platform.yaml", environment });
}

Deno.test("loadPlatform() merges the environment's overlay over the rest", () => {
  const { workloads } = load("staging");
  assert.equal(workloads["web"]?.replicas, 1);
  assert.deepEqual(workloads["web"]?.env, { LOG_LEVEL: "debug" });
  assert.equal(load("production").workloads["web"]?.replicas, 3);
});

Deno.test("loadPlatform() reads a quantity that is a bare number as text", () => {
  assert.equal(load("production").workloads["web"]?.resources.requests.cpu, "1");
});

Deno.test("loadPlatform() fills in sections that a file leaves out", () => {
  const { routes, flows, environment } = load("production");
  assert.deepEqual({ routes, flows, environment }, {
    routes: {},
    flows: [],
    environment: "production",
  });
});

Deno.test("loadPlatform() lists the environments when the wanted one is not among them", () => {
  assert.throws(
    () => load("producton"),
    (error: unknown) =>
      error instanceof UsageError && error.message.endsWith("it has staging, production") &&
      error.remedy === "name one of them with --env; did you mean production?",
  );
});

Deno.test("loadPlatform() asks for an environment only where there are several", () => {
  assert.throws(
    () => loadPlatform(good, { file: "platform.yaml" }),
    /it has staging, production, and none was named/,
  );
  const only = good.replace(/ {2}staging:\n.*\n.*\n/, "");
  assert.equal(loadPlatform(only, { file: "platform.yaml" }).environment, "production");
});

Deno.test("loadPlatform() reports all mistakes at once, in the order of the file", () => {
  const text = good
    .replace("replicas: 3", "replicsa: 3")
    .replace("memory: 64Mi", "memory: 64Mb")
    .replace("http: 8080", "http: 99999")
    .replace("user: 1000", "user: 0")
    .replace("podSecurity: restricted", "podSecurity: restrict");
  assert.deepEqual(mistakesOf(text), [
    'platform.yaml:9:24: namespaces.shop.podSecurity: "restrict", expected one of privileged, baseline, restricted; did you mean restricted?',
    "platform.yaml:15:5: workloads.web.replicsa: unknown key; did you mean replicas?",
    'platform.yaml:17:35: workloads.web.resources.requests.memory: "64Mb", expected a quantity such as 150m, 2, 365Mi or 1Gi',
    "platform.yaml:19:20: workloads.web.ports.http: 99999, expected at most 65535",
    "platform.yaml:25:20: workloads.web.runAs.user: 0 is root, expected a numeric id above 0, which Pod Security can see is not root, or a reason as because",
  ]);
});

Deno.test("loadPlatform() points into the overlay when the overlay brought the mistake", () => {
  const text = good.replace("replicas: 1", "replicas: one");
  assert.deepEqual(mistakesOf(text), [
    'platform.yaml:6:24: environments.staging.workloads.web.replicas: "one", expected a number',
  ]);
});

Deno.test("loadPlatform() points at the line of a missing key's parent", () => {
  assert.deepEqual(mistakesOf(good.replace("      limits: { cpu: 2, memory: 128Mi }\n", "")), [
    "platform.yaml:16:5: workloads.web.resources.limits: missing, expected a map",
  ]);
});

Deno.test("loadPlatform() points at the key whose name is wrong", () => {
  assert.deepEqual(mistakesOf(good.replace("{ LOG_LEVEL: info", "{ LOG-LEVEL: info")), [
    'platform.yaml:20:12: workloads.web.env.LOG-LEVEL: the key "LOG-LEVEL", expected a variable name such as DATABASE_HOST',
  ]);
});

Deno.test("loadPlatform() asks for quotes around numbers that must be text", () => {
  assert.deepEqual(mistakesOf(good.replace('TRACE: "1"', "TRACE: 1")), [
    "platform.yaml:20:36: workloads.web.env.TRACE: 1, expected text; put it in quotes",
  ]);
});

Deno.test("loadPlatform() says of each slip of YAML where it is", () => {
  assert.deepEqual(mistakesOf("name: a\nname: b\n"), [
    "platform.yaml:2:1: this key stands twice in the same map, expected once",
  ]);
  assert.deepEqual(mistakesOf("a:\n\tb: 1\n"), [
    "platform.yaml:2:1: a tab indents this line, expected spaces",
  ]);
  assert.deepEqual(mistakesOf("a: &x 1\nb: *x\n"), [
    "platform.yaml:1:7: anchor &x, expected none: aliases are not used here",
    "platform.yaml:2:4: alias *x, expected the value itself: aliases are not used here",
  ]);
  assert.deepEqual(mistakesOf("a: !!str 1\n"), [
    "platform.yaml:1:10: tag tag:yaml.org,2002:str, expected none: tags are not used here",
  ]);
  assert.match(mistakesOf("a: 1\n---\nb: 1\n")[0]!, /^platform\.yaml:2:1: a second document/);
});

Deno.test("loadPlatform() wants at least one environment, and the name outside of all", () => {
  assert.match(mistakesOf("name: demo\n")[0]!, /^platform\.yaml:1:1: environments: missing/);
  assert.match(mistakesOf("- a\n")[0]!, /^platform\.yaml:1:1: no map/);
  assert.deepEqual(
    mistakesOf(good.replace("  production: {}", "  production: { name: other }")),
    [
      "platform.yaml:7:17: environments.production.name: expected only outside of environments: it is the same in each of them",
    ],
  );
});

Deno.test("loadPlatform() gives references that lead nowhere their place in the file", () => {
  assert.deepEqual(mistakesOf(good.replace("namespace: shop", "namespace: shpo2")), [
    "platform.yaml:12:16: workloads.web.namespace: no namespace is called shpo2, expected one of shop",
  ]);
});

const withVariables = `name: shop
domain: $(environment).example.org
environments: { staging: {}, production: { domain: example.org } }
namespaces:
  $(name)-$(environment): { podSecurity: restricted }
externalServices:
  store:
    namespace: $(name)-$(environment)
    dnsName: store.$(domain)
    ports: { http: 80 }
`;

Deno.test("loadPlatform() fills in variables, in keys as in values", () => {
  const at = (environment: string) => loadPlatform(withVariables, { file: "f", environment });
  assert.deepEqual(Object.keys(at("staging").namespaces), ["shop-staging"]);
  assert.equal(at("staging").externalServices["store"]?.dnsName, "store.staging.example.org");
  assert.equal(at("production").externalServices["store"]?.dnsName, "store.example.org");
});

Deno.test("loadPlatform() finds the line of a mistake below a key with a variable", () => {
  const mistakes = mistakesOf(withVariables.replace("restricted", "strict"));
  assert.equal(mistakes.length, 1);
  assert.match(mistakes[0]!, /^platform\.yaml:5:\d+: namespaces\.shop-\w+\.podSecurity/);
});

Deno.test("loadPlatform() leaves what looks like a variable and is none of its own", () => {
  const text = good.replace('TRACE: "1"', 'TRACE: "$(POD_IP)"');
  const { workloads } = loadPlatform(text, { file: "f", environment: "production" });
  assert.equal(workloads["web"]?.env?.["TRACE"], "$(POD_IP)");
});

Deno.test("loadPlatform() refuses a key that a variable makes the same as another", () => {
  const text = withVariables.replace(
    "namespaces:\n",
    "namespaces:\n  shop-staging: { existing: true }\n",
  );
  assert.deepEqual(mistakesOf(text), [
    "platform.yaml:5:3: namespaces.shop-staging: stands twice for environment staging, expected once: " +
    "$(name)-$(environment) is another key's name there",
  ]);
});

Deno.test("an environment's domain may say $(domain) for that of the file", () => {
  const text = good
    .replace("staging:\n", "staging:\n    domain: staging.$(domain)\n")
    .replace("LOG_LEVEL: info,", "LOG_LEVEL: info, HOST: api.$(domain),");
  const at = (environment: string) => loadPlatform(text, { file: "platform.yaml", environment });
  assert.equal(at("staging").domain, "staging.example.org");
  assert.equal(at("staging").workloads["web"]?.env?.["HOST"], "api.staging.example.org");
  assert.equal(at("production").domain, "example.org");
  assert.equal(at("production").workloads["web"]?.env?.["HOST"], "api.example.org");
});

Deno.test("loadPlatform() shows nothing of a private key that stands where something else belongs", () => {
  const identity = "AGE-SECRET-KEY-1QQPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ";
  for (const key of [identity, identity.toLowerCase(), "-----BEGIN PRIVATE KEY-----"]) {
    const [mistake, ...others] = mistakesOf(good.replace("namespace: shop", `namespace: "${key}"`));
    assert.match(mistake!, /namespace: a private key \(.*…\), expected a name/);
    assert.deepEqual(others, []);
    assert.ok(!mistake!.toLowerCase().includes("qqpqyq"));
  }
});
