import assert from "node:assert/strict";
import { parse } from "yaml";
import { blueprint, clientSecretVariable } from "../../../lib/platform/apps/blueprint.ts";
import { sampleIdentityProvider } from "./sample_apps.ts";

/** Blueprints use tags of their own: `!Env NAME`, `!Find […]`, `!KeyOf id`. */
const customTags = ["Env", "KeyOf"].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [name]: text }),
}));
const find = {
  tag: "!Find",
  collection: "seq" as const,
  // deno-lint-ignore no-explicit-any -- a node of the YAML library
  resolve: (node: any) => ({ Find: node.toJSON() }),
};

function read(text: string) {
  return parse(text, { customTags: [...customTags, find] });
}

Deno.test("a blueprint reads as in the golden file", async () => {
  const golden = new URL("../../manifests/golden/authentik_blueprint.yaml", import.meta.url);
  assert.equal(blueprint("auth", sampleIdentityProvider()), await Deno.readTextFile(golden));
});

Deno.test("a blueprint declares a provider and an application for each client, in this order", () => {
  const { version, entries } = read(blueprint("auth", sampleIdentityProvider()));
  assert.equal(version, 1);
  assert.deepEqual(entries.map(({ model }: { model: string }) => model), [
    "authentik_providers_oauth2.scopemapping",
    "authentik_providers_oauth2.oauth2provider",
    "authentik_core.application",
    "authentik_providers_oauth2.oauth2provider",
    "authentik_core.application",
  ]);
  const [, provider, application] = entries;
  assert.deepEqual(application.identifiers, { slug: "grafana" });
  assert.deepEqual(application.attrs.provider, { KeyOf: provider.id });
});

Deno.test("a blueprint names the secret of a client and does not hold it; programs in browsers have none", () => {
  const { entries } = read(blueprint("auth", sampleIdentityProvider()));
  const [, grafana, , browser] = entries;
  assert.equal(grafana.attrs.client_type, "confidential");
  assert.deepEqual(grafana.attrs.client_secret, { Env: clientSecretVariable("grafana") });
  assert.equal(browser.attrs.client_type, "public");
  assert.equal("client_secret" in browser.attrs, false);
});

Deno.test("people are sent back to exactly the addresses that a client gives", () => {
  const { entries } = read(blueprint("auth", sampleIdentityProvider()));
  assert.deepEqual(entries[1].attrs.redirect_uris, [
    { matching_mode: "strict", url: "https://grafana.example.org/login/generic_oauth" },
  ]);
});

Deno.test("scopes that Authentik does not bring are declared once, and tell a person's groups", () => {
  const clients = {
    a: { redirectUris: ["https://a.example.org/"], scopes: ["groups"] },
    b: { redirectUris: ["https://b.example.org/"], scopes: ["groups", "email"] },
  };
  const { entries } = read(blueprint("auth", sampleIdentityProvider({ clients })));
  const mappings = entries.filter(({ model }: { model: string }) => model.endsWith("scopemapping"));
  assert.equal(mappings.length, 1);
  assert.match(mappings[0].attrs.expression, /return \{"groups": \[/);
  const [, , , provider] = entries;
  assert.deepEqual(provider.attrs.property_mappings, [
    { Find: ["authentik_providers_oauth2.scopemapping", ["scope_name", "openid"]] },
    { KeyOf: "scope-groups" },
    { Find: ["authentik_providers_oauth2.scopemapping", ["scope_name", "email"]] },
  ]);
});

Deno.test("a blueprint without clients has no entries, and titles with quotes stay whole", () => {
  assert.deepEqual(read(blueprint("auth", sampleIdentityProvider({ clients: {} }))).entries, []);
  const clients = { a: { title: 'The "best": #1', redirectUris: ["https://a.example.org/"] } };
  const { entries } = read(blueprint("auth", sampleIdentityProvider({ clients })));
  assert.equal(entries[1].attrs.name, 'The "best": #1');
});

Deno.test("programs that know no logins are answered for by the outpost within the server", () => {
  const clients = {
    ...sampleIdentityProvider().clients,
    pgadmin: { forwardAuth: { url: "https://pgadmin.example.org" } },
    redis: { forwardAuth: { url: "https://redis.example.org" } },
  };
  const { entries } = read(blueprint("auth", sampleIdentityProvider({ clients })));
  const proxies = entries.filter(({ model }: { model: string }) => model.endsWith("proxyprovider"));
  assert.deepEqual(proxies[0].attrs.external_host, "https://pgadmin.example.org");
  assert.equal(proxies[0].attrs.mode, "forward_single");
  const outpost = entries.at(-1);
  assert.equal(outpost.identifiers.managed, "goauthentik.io/outposts/embedded");
  assert.deepEqual(outpost.attrs.config, { authentik_host: "https://auth.example.org" });
  assert.deepEqual(
    outpost.attrs.providers,
    proxies.map(({ id }: { id: string }) => ({ KeyOf: id })),
  );
  const application = entries.find(({ identifiers }: { identifiers: { slug?: string } }) =>
    identifiers.slug === "pgadmin"
  );
  assert.equal(application.attrs.meta_launch_url, "https://pgadmin.example.org");
});

Deno.test("a program for some groups is bound to each of them, and one for everybody to none", () => {
  const groups = ["devops", "support"];
  const clients = {
    pgadmin: { forwardAuth: { url: "https://pgadmin.example.org" }, groups },
    wiki: { redirectUris: ["https://wiki.example.org/"], groups: ["support"] },
    chat: { redirectUris: ["https://chat.example.org/"] },
  };
  const { entries } = read(blueprint("auth", sampleIdentityProvider({ clients })));
  const ofKind = (kind: string) =>
    entries.filter(({ model }: { model: string }) => model.endsWith(`.${kind}`));
  assert.deepEqual(
    ofKind("group").map(({ identifiers }: { identifiers: unknown }) => identifiers),
    [{ name: "devops" }, { name: "support" }],
  );
  const bound = ofKind("policybinding").map((
    { identifiers, attrs }: { identifiers: unknown; attrs: { group: unknown } },
  ) => [identifiers, attrs.group]);
  assert.deepEqual(bound, [
    [{ target: { KeyOf: "application-wiki" }, order: 0 }, { KeyOf: "group-support" }],
    [{ target: { KeyOf: "application-pgadmin" }, order: 0 }, { KeyOf: "group-devops" }],
    [{ target: { KeyOf: "application-pgadmin" }, order: 1 }, { KeyOf: "group-support" }],
  ]);
});
