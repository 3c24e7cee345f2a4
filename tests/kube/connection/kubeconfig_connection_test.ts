import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { loadKubeconfig } from "../../../lib/kube/connection/kubeconfig_connection.ts";

const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN PRIVATE KEY-----\nMIIC-secret\n-----END PRIVATE KEY-----\n";

interface Parts {
  cluster?: string;
  user?: string;
  context?: string;
  currentContext?: string;
  asked?: string;
  files?: Record<string, string>;
  redactor?: ReturnType<typeof createRedactor>;
}

/** Load a kubeconfig that is right but for the parts that a test gives. */
function load(parts: Parts = {}) {
  const text = `
apiVersion: v1
kind: Config
current-context: ${parts.currentContext ?? "shop"}
clusters: [{ name: k3s, cluster: { ${parts.cluster ?? "server: https://203.0.113.5:6443"} } }]
users: [{ name: ops, user: { ${parts.user ?? "token: t0ken-value"} } }]
contexts:
- { name: shop, context: { ${parts.context ?? "cluster: k3s, user: ops"} } }
- { name: production, context: { cluster: k3s, user: ops, namespace: live } }
`;
  const files = parts.files ?? {};
  return loadKubeconfig(text, {
    file: "/home/me/kc",
    baseDir: "/home/me",
    context: parts.asked,
    redactor: parts.redactor ?? createRedactor(),
    readFile: (path) =>
      path in files
        ? Promise.resolve(files[path]!)
        : Promise.reject(new Deno.errors.NotFound(path)),
  });
}

/** Check that a kubeconfig is refused as wrong usage, with this message and, where given, this remedy. */
async function refuses(parts: Parts, message: RegExp, remedy?: RegExp): Promise<void> {
  await assert.rejects(load(parts), (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, message);
    if (remedy !== undefined) assert.match(error.remedy ?? "", remedy);
    return true;
  });
}

Deno.test("a token becomes an Authorization header and is hidden from texts", async () => {
  const redactor = createRedactor();
  const config = await load({ redactor });
  assert.equal(config.server, "https://203.0.113.5:6443");
  assert.equal(config.contextName, "shop");
  assert.equal(config.namespace, "default");
  assert.equal((await config.credentials.current()).authorization, "Bearer t0ken-value");
  assert.ok(!redactor.redact("t0ken-value").includes("t0ken"));
});

Deno.test("another context can be asked for, and a gateway's path is kept", async () => {
  const config = await load({ asked: "production", cluster: "server: https://gate/k8s/c-1/" });
  assert.equal(config.namespace, "live");
  assert.equal(config.server, "https://gate/k8s/c-1");
});

Deno.test("certificates come from data or from files beside the kubeconfig; data wins", async () => {
  const config = await load({
    cluster: `server: https://a, certificate-authority: ca.crt`,
    user: `client-certificate: /abs/c.crt, client-key: keys/c.key, client-key-data: ${btoa(key)}`,
    files: { "/home/me/ca.crt": certificate, "/abs/c.crt": certificate },
  });
  assert.equal(config.caPem, certificate);
  assert.deepEqual((await config.credentials.current()).certificate, {
    certPem: certificate,
    keyPem: key,
    source: '/home/me/kc, user "ops"',
  });
});

Deno.test("a token file wins over a token, and is read when it is needed", async () => {
  const config = await load({
    user: "tokenFile: token, token: other-token",
    files: { "/home/me/token": "from-file\n" },
  });
  assert.equal((await config.credentials.current()).authorization, "Bearer from-file");
});

Deno.test("user name and password become basic authentication", async () => {
  const redactor = createRedactor();
  const config = await load({ user: "username: me, password: pässword", redactor });
  assert.equal(
    (await config.credentials.current()).authorization,
    `Basic ${new TextEncoder().encode("me:pässword").toBase64()}`,
  );
  assert.ok(!redactor.redact("my pässword").includes("pässword"));
});

Deno.test("an exec plugin is run with what the kubeconfig says of it", async () => {
  const printed = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: "from-plugin" },
  });
  const text = `
current-context: c
contexts: [{ name: c, context: { cluster: k, user: u } }]
clusters:
- name: k
  cluster:
    server: https://a
    extensions: [{ name: client.authentication.k8s.io/exec, extension: { tenant: 7 } }]
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: [get, token]
      env: [{ name: PROFILE, value: ops }, { name: EMPTY }]
      provideClusterInfo: true
      interactiveMode: Never
`;
  const runs: unknown[] = [];
  const config = await loadKubeconfig(text, {
    file: "/home/me/kc",
    baseDir: "/home/me",
    redactor: createRedactor(),
    interactive: true,
    runPlugin({ command, args, env }, { env: { KUBERNETES_EXEC_INFO }, terminal }) {
      runs.push({ command, args, env, spec: JSON.parse(KUBERNETES_EXEC_INFO!).spec, terminal });
      return Promise.resolve(printed);
    },
  });
  assert.equal((await config.credentials.current()).authorization, "Bearer from-plugin");
  assert.deepEqual(runs, [{
    command: "/home/me/bin/login",
    args: ["get", "token"],
    env: { PROFILE: "ops", EMPTY: "" },
    spec: { interactive: false, cluster: { server: "https://a", config: { tenant: 7 } } },
    terminal: false,
  }]);
});

Deno.test("impersonation and a proxy are passed on", async () => {
  const config = await load({
    user: "token: t0ken, as: auditor, as-groups: [readers]",
    cluster: "server: https://a, proxy-url: socks5://127.0.0.1:1080",
  });
  assert.deepEqual(config.impersonate, { user: "auditor", groups: ["readers"] });
  assert.equal(config.proxyUrl, "socks5://127.0.0.1:1080");
});

Deno.test("a context without a user is anonymous", async () => {
  const config = await load({ context: "cluster: k3s" });
  assert.deepEqual(await config.credentials.current(), {});
});

Deno.test("an unknown context is refused with those that exist and the one that was meant", async () => {
  await refuses(
    { asked: "prodution" },
    /There is no context "prodution" in \/home\/me\/kc: it has shop, production/,
    /did you mean --context production/,
  );
  await refuses({ currentContext: "elsewhere" }, /There is no context "elsewhere"/, /--context/);
});

Deno.test("a kubeconfig without a current context is refused", () =>
  refuses(
    { currentContext: '""' },
    /current-context is not set; it has shop, production/,
    /--context shop/,
  ));

Deno.test("a context that names what does not exist is refused", async () => {
  await refuses(
    { context: "cluster: k3, user: ops" },
    /names the cluster "k3", which does not exist/,
    /did you mean "k3s"/,
  );
  await refuses(
    { context: "cluster: k3s, user: root" },
    /names the user "root", which does not exist/,
  );
  await refuses({ context: "user: ops" }, /context "shop" in \/home\/me\/kc names no cluster/);
});

Deno.test("skipping TLS verification is refused with the way to do without", () =>
  refuses(
    { cluster: "server: https://a, insecure-skip-tls-verify: true" },
    /cluster "k3s" in \/home\/me\/kc sets insecure-skip-tls-verify/,
    /certificate-authority-data/,
  ));

Deno.test("a server name other than the URL's is refused, for fetch cannot do it", () =>
  refuses(
    { cluster: "server: https://a, tls-server-name: kubernetes" },
    /sets tls-server-name to "kubernetes"/,
    /--tls-san/,
  ));

Deno.test("a server that is no URL is refused", async () => {
  await refuses(
    { cluster: "server: 203.0.113.5" },
    /has the server "203\.0\.113\.5": wanted a URL/,
  );
  await refuses({ cluster: "server: ftp://a" }, /has the server "ftp:\/\/a"/);
  await refuses({ cluster: "" }, /has no server/);
});

Deno.test("a proxy of another kind is refused", () =>
  refuses(
    { cluster: "server: https://a, proxy-url: 'gopher://x'" },
    /proxy-url that cannot be used/,
  ));

Deno.test("a legacy auth-provider is refused with its successor", () =>
  refuses({ user: "auth-provider: { name: gcp }" }, /uses an auth-provider/, /exec plugin/));

Deno.test("a plugin beside a token, and a plugin without a command, are refused", async () => {
  await refuses({ user: "token: abcd, exec: { command: x }" }, /exec plugin beside a token/);
  await refuses({ user: "exec: { args: [] }" }, /exec plugin without a command/);
  await refuses(
    { user: "exec: { command: x, apiVersion: client.authentication.k8s.io/v1alpha1 }" },
    /its apiVersion is "client\.authentication\.k8s\.io\/v1alpha1"/,
  );
  await refuses(
    { user: "exec: { command: x, interactiveMode: Sometimes }" },
    /found "Sometimes", wanted Never, IfAvailable or Always/,
  );
});

Deno.test("certificates that are missing, halved, no PEM or no base64 are refused", async () => {
  await refuses(
    { user: "client-certificate: c.crt, client-key: c.key" },
    /Cannot read the client-certificate \/home\/me\/c\.crt of user "ops" in \/home\/me\/kc: there is no such file/,
  );
  await refuses({ user: `client-certificate-data: ${btoa(certificate)}` }, /client-key is missing/);
  await refuses(
    { user: `client-certificate-data: ${btoa("junk")}` },
    /wanted a PEM block CERTIFICATE/,
  );
  await refuses({ user: "client-key-data: '%%%'" }, /it is not base64/);
  await refuses(
    { cluster: `server: https://a, certificate-authority-data: ${btoa(key)}` },
    /wanted a PEM block CERTIFICATE/,
  );
});

Deno.test("an encrypted key is refused with the way to decrypt it", () =>
  refuses(
    { user: `client-key-data: ${btoa("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n")}` },
    /the key is encrypted/,
    /openssl pkey/,
  ));

Deno.test("a token that YAML reads as a number is refused, and not shown", () =>
  refuses(
    { user: "token: 12345678" },
    /user "ops"\.token: found a number, wanted a text$/,
    /quotes/,
  ));

Deno.test("impersonation that cannot be sent is refused", async () => {
  await refuses(
    { user: "token: abcd, as-groups: [a]" },
    /impersonates groups or a UID without a user/,
  );
  await refuses({ user: "token: abcd, as: a, as-user-extra: { x: [y] }" }, /as-user-extra/);
});
