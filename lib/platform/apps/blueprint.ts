import type { IdentityClient, IdentityProvider } from "../types.ts";

const usualScopes = ["openid", "email", "profile"];

/** Variable of the worker with the secret of a client, which blueprints name in place of the secret. */
export function clientSecretVariable(client: string): string {
  return `SLIPWAY_CLIENT_SECRET_${client.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * A blueprint that declares an OAuth2 provider and an application for each client of an identity provider. It
 * holds no secret: the worker that applies it reads them from its environment.
 * Source: Authentik, "Blueprints", "File structure" and "YAML Tags".
 */
export function blueprint(name: string, { clients, host }: IdentityProvider): string {
  const [asked, logins] = partition(Object.entries(clients));
  const scopes = [...new Set(logins.flatMap(([, options]) => scopesOf(options)))]
    .filter((scope) => !builtIn.includes(scope));
  return [
    "version: 1",
    "metadata:",
    `  name: ${quoted(`Clients of ${name}`)}`,
    ...(Object.keys(clients).length === 0 ? ["entries: []"] : [
      "entries:",
      ...scopes.flatMap(scopeMapping),
      ...[...new Set(Object.values(clients).flatMap(({ groups = [] }) => groups))].flatMap(group),
      ...logins.flatMap(([client, options]) => [
        ...provider(client, options),
        ...application(client, options),
      ]),
      ...asked.flatMap(([client, options]) => [
        ...proxyProvider(client, options.forwardAuth!.url),
        ...application(client, {
          ...options,
          launchUrl: options.launchUrl ?? options.forwardAuth!.url,
        }),
      ]),
      ...(asked.length === 0 ? [] : outpost(host, asked.map(([client]) => client))),
    ]),
    "",
  ].join("\n");
}

/** Clients behind routes that ask, and those that log in by themselves. */
function partition(
  clients: [string, IdentityClient][],
): [asked: typeof clients, logins: typeof clients] {
  return [
    clients.filter(([, { forwardAuth }]) => forwardAuth !== undefined),
    clients.filter(([, { forwardAuth }]) => forwardAuth === undefined),
  ];
}

/** Scopes for which Authentik brings a mapping. Source: authentik, blueprints/system/providers-oauth2.yaml. */
const builtIn = ["openid", "email", "profile", "entitlements", "offline_access"];

function scopesOf({ scopes }: IdentityClient): string[] {
  return [...new Set(["openid", ...(scopes ?? usualScopes)])];
}

/** A scope of somebody's own tells the names of a person's groups. */
function scopeMapping(scope: string): string[] {
  return [
    "  - model: authentik_providers_oauth2.scopemapping",
    `    id: ${quoted(`scope-${scope}`)}`,
    "    identifiers:",
    `      scope_name: ${quoted(scope)}`,
    "    attrs:",
    `      name: ${quoted(`Slipway: ${scope}`)}`,
    "      expression: |",
    `        return {${quoted(scope)}: [group.name for group in request.user.ak_groups.all()]}`,
  ];
}

/** Flows that Authentik brings. People trust the platform's own programs: nobody is asked for consent. */
const flows = [
  "      authorization_flow: !Find",
  "        - authentik_flows.flow",
  "        - [slug, default-provider-authorization-implicit-consent]",
  "      invalidation_flow: !Find",
  "        - authentik_flows.flow",
  "        - [slug, default-provider-invalidation-flow]",
];

function provider(client: string, options: IdentityClient): string[] {
  return [
    "  - model: authentik_providers_oauth2.oauth2provider",
    `    id: ${quoted(`provider-${client}`)}`,
    "    identifiers:",
    `      name: ${quoted(client)}`,
    "    attrs:",
    `      client_type: ${options.secret === undefined ? "public" : "confidential"}`,
    `      client_id: ${quoted(client)}`,
    ...(options.secret === undefined
      ? []
      : [`      client_secret: !Env ${clientSecretVariable(client)}`]),
    "      redirect_uris:",
    ...(options.redirectUris ?? []).flatMap((url) => [
      "        - matching_mode: strict",
      `          url: ${quoted(url)}`,
    ]),
    ...flows,
    "      signing_key: !Find",
    "        - authentik_crypto.certificatekeypair",
    '        - [name, "authentik Self-signed Certificate"]',
    // As other programs expect it: the name that people log in with stays the same when their address changes.
    "      sub_mode: user_username",
    "      include_claims_in_id_token: true",
    "      property_mappings:",
    ...scopesOf(options).map((scope) =>
      builtIn.includes(scope)
        ? `        - !Find [authentik_providers_oauth2.scopemapping, [scope_name, ${
          quoted(scope)
        }]]`
        : `        - !KeyOf ${quoted(`scope-${scope}`)}`
    ),
  ];
}

function proxyProvider(client: string, url: string): string[] {
  return [
    "  - model: authentik_providers_proxy.proxyprovider",
    `    id: ${quoted(`provider-${client}`)}`,
    "    identifiers:",
    `      name: ${quoted(client)}`,
    "    attrs:",
    "      mode: forward_single",
    `      external_host: ${quoted(url)}`,
    ...flows,
  ];
}

/** The outpost within the server answers the ingress controller for all of these. Source: Authentik, "Embedded Outpost". */
function outpost(host: string, clients: readonly string[]): string[] {
  return [
    "  - model: authentik_outposts.outpost",
    "    identifiers:",
    "      managed: goauthentik.io/outposts/embedded",
    "    attrs:",
    "      config:",
    `        authentik_host: ${quoted(`https://${host}`)}`,
    "      providers:",
    ...clients.map((client) => `        - !KeyOf ${quoted(`provider-${client}`)}`),
  ];
}

/** A group that nobody is put into here. */
function group(name: string): string[] {
  return [
    "  - model: authentik_core.group",
    `    id: ${quoted(`group-${name}`)}`,
    "    identifiers:",
    `      name: ${quoted(name)}`,
  ];
}

function application(client: string, options: IdentityClient): string[] {
  const { title, launchUrl, groups = [] } = options;
  return [
    "  - model: authentik_core.application",
    ...(groups.length === 0 ? [] : [`    id: ${quoted(`application-${client}`)}`]),
    "    identifiers:",
    `      slug: ${quoted(client)}`,
    "    attrs:",
    `      name: ${quoted(title ?? client)}`,
    `      provider: !KeyOf ${quoted(`provider-${client}`)}`,
    ...(launchUrl === undefined ? [] : [`      meta_launch_url: ${quoted(launchUrl)}`]),
    // Any of them is enough; an application without bindings is for everybody.
    ...groups.flatMap((name, order) => [
      "  - model: authentik_policies.policybinding",
      "    identifiers:",
      `      target: !KeyOf ${quoted(`application-${client}`)}`,
      `      order: ${order}`,
      "    attrs:",
      `      group: !KeyOf ${quoted(`group-${name}`)}`,
    ]),
  ];
}

/** JSON strings are YAML. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
