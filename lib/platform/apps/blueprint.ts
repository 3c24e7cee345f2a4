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
export function blueprint(name: string, { clients }: IdentityProvider): string {
  const scopes = [...new Set(Object.values(clients).flatMap(scopesOf))]
    .filter((scope) => !builtIn.includes(scope));
  return [
    "version: 1",
    "metadata:",
    `  name: ${quoted(`Clients of ${name}`)}`,
    ...(Object.keys(clients).length === 0 && scopes.length === 0 ? ["entries: []"] : [
      "entries:",
      ...scopes.flatMap(scopeMapping),
      ...Object.entries(clients).flatMap(([client, options]) => [
        ...provider(client, options),
        ...application(client, options),
      ]),
    ]),
    "",
  ].join("\n");
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
    ...options.redirectUris.flatMap((url) => [
      "        - matching_mode: strict",
      `          url: ${quoted(url)}`,
    ]),
    // People trust the platform's own programs: nobody is asked for consent.
    `      authorization_flow: ${flow("default-provider-authorization-implicit-consent")}`,
    `      invalidation_flow: ${flow("default-provider-invalidation-flow")}`,
    "      signing_key: !Find [authentik_crypto.certificatekeypair, " +
    '[name, "authentik Self-signed Certificate"]]',
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

function application(client: string, { title, launchUrl }: IdentityClient): string[] {
  return [
    "  - model: authentik_core.application",
    "    identifiers:",
    `      slug: ${quoted(client)}`,
    "    attrs:",
    `      name: ${quoted(title ?? client)}`,
    `      provider: !KeyOf ${quoted(`provider-${client}`)}`,
    ...(launchUrl === undefined ? [] : [`      meta_launch_url: ${quoted(launchUrl)}`]),
  ];
}

function flow(slug: string): string {
  return `!Find [authentik_flows.flow, [slug, ${slug}]]`;
}

/** JSON strings are YAML. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
