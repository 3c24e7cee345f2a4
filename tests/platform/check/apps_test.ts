import assert from "node:assert/strict";
import { around, sampleIdentityProvider, sampleMail } from "../apps/sample_apps.ts";
import { sampleWorkload } from "../sample_platform.ts";
import { mistakesOf } from "./mistakes.ts";

Deno.test("an identity provider and a mail server whose needs are declared have no mistakes", () => {
  assert.deepEqual(
    mistakesOf({
      ...around,
      identityProviders: { auth: sampleIdentityProvider() },
      mail: { mail: sampleMail() },
    }),
    [],
  );
});

Deno.test("secrets of an identity provider and its clients must be declared, with their keys", () => {
  const provider = sampleIdentityProvider({
    postgres: { host: "db", database: "a", secret: "authentk-db" },
    redis: { host: "redis", secret: "redis" },
    secret: { name: "authentik", bootstrapPasswordKey: "password" },
    clients: {
      grafana: {
        redirectUris: ["https://grafana.example.org/"],
        secret: { name: "grafana-client", key: "secret" },
      },
    },
  });
  const known = "authentik, authentik-db, grafana-client, mail-tls, mailu";
  assert.deepEqual(mistakesOf({ ...around, identityProviders: { auth: provider } }), [
    `identityProviders.auth.postgres.secret: no secret in namespace shop is called authentk-db, expected one of ${known}; did you mean authentik-db?`,
    `identityProviders.auth.redis.secret: no secret in namespace shop is called redis, expected one of ${known}`,
    "identityProviders.auth.secret.bootstrapPasswordKey: no key of secret authentik is called password, expected one of secret-key",
    "identityProviders.auth.clients.grafana.secret.key: no key of secret grafana-client is called secret, expected one of client-secret",
  ]);
});

Deno.test("hosts of identity providers and mail servers belong to the platform's domain", () => {
  assert.deepEqual(
    mistakesOf({
      ...around,
      identityProviders: { auth: sampleIdentityProvider({ host: "auth.example.com" }) },
      mail: { mail: sampleMail({ hostnames: ["mail.example.org", "mx.example.net"] }) },
    }),
    [
      "identityProviders.auth.host: auth.example.com is outside of example.org, expected example.org or a name below it",
      "mail.mail.hostnames[1]: mx.example.net is outside of example.org, expected example.org or a name below it",
    ],
  );
});

Deno.test("a mail server needs a namespace that lets its images start, said once", () => {
  assert.deepEqual(
    mistakesOf({
      ...around,
      namespaces: { shop: { podSecurity: "restricted" } },
      mail: { mail: sampleMail() },
    }),
    [
      "mail.mail.namespace: namespace shop enforces restricted, which refuses the root user, expected podSecurity: baseline there, or to do without",
    ],
  );
});

Deno.test("a mail server needs a certificate, a secret and a storage class that are declared", () => {
  const mail = sampleMail({
    certificate: "mail-tsl",
    secret: { name: "mailu", secretKeyKey: "key" },
    storage: { storageClass: "disc", mailboxes: "1Gi" },
  });
  const mistakes = mistakesOf({ ...around, mail: { mail } });
  assert.equal(mistakes.length, 3);
  assert.match(mistakes[0]!, /^mail\.mail\.certificate: .* did you mean mail-tls\?$/);
  assert.match(
    mistakes[1]!,
    /^mail\.mail\.secret\.secretKeyKey: no key of secret mailu is called key/,
  );
  assert.match(mistakes[2]!, /^mail\.mail\.storage\.storageClass: .* did you mean disk\?$/);
});

Deno.test("a part of a program must not be called what a workload is called", () => {
  assert.deepEqual(
    mistakesOf({
      ...around,
      workloads: { "mail-smtp": sampleWorkload({ services: {} }) },
      mail: { mail: sampleMail() },
    }),
    [
      "mail.mail: another end of flows is called mail-smtp, expected a name of its own: flows could mean both",
    ],
  );
});

Deno.test("flows can name the parts of programs", () => {
  assert.deepEqual(
    mistakesOf({
      ...around,
      identityProviders: { auth: sampleIdentityProvider() },
      mail: { mail: sampleMail() },
      flows: [{ from: "auth-worker", to: "mail-front", ports: [25] }],
    }),
    [],
  );
});

Deno.test("a domain of mail cannot be an alias", () => {
  const [mistake] = mistakesOf({
    ...around,
    dns: { alias: "lb.example.net" },
    ingress: { controller: "traefik" },
    workloads: { web: sampleWorkload() },
    routes: {
      web: {
        namespace: "shop",
        hosts: ["example.org"],
        service: "web",
        port: 80,
        middlewares: [],
      },
    },
  }).filter((text) => text.includes("alias"));
  assert.equal(
    mistake,
    "routes.web.hosts[0]: example.org has records of its own and cannot be an alias of lb.example.net, expected dns.addresses in place of dns.alias",
  );
});
