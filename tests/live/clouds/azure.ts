import { type Authority, claimsOf, type Cloud, httpsPort } from "./cloud.ts";

const loginHost = "login.microsoftonline.com";
const loginAddress = "127.83.65.2";
const vaultAddress = "127.83.65.3";

/**
 * Entra ID and Azure Key Vaults, under their own names.
 * Source: Microsoft identity platform, "OAuth 2.0 client credentials flow", certificate assertions; Azure Key Vault
 * REST API, "Get Secret".
 *
 * @param vaults host names of the key vaults
 */
export async function startAzure(
  authority: Authority,
  vaults: readonly string[],
): Promise<Cloud> {
  const secrets: Cloud["secrets"] = new Map();
  const asked: string[] = [];
  const login = Deno.serve({
    hostname: loginAddress,
    port: httpsPort,
    onListen: () => {},
    ...await authority.issue([loginHost]),
  }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/common/discovery/instance") {
      return Response.json({
        tenant_discovery_endpoint:
          `https://${loginHost}/common/v2.0/.well-known/openid-configuration`,
        metadata: [{
          preferred_network: loginHost,
          preferred_cache: loginHost,
          aliases: [loginHost],
        }],
      });
    }
    if (pathname.endsWith("/.well-known/openid-configuration")) {
      const root = `https://${loginHost}${pathname.split("/v2.0")[0]}`;
      return Response.json({
        authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
        token_endpoint: `${root}/oauth2/v2.0/token`,
        issuer: `${root}/v2.0`,
      });
    }
    const form = new URLSearchParams(await request.text());
    const assertion = claimsOf(form.get("client_assertion") ?? "");
    asked.push(`${pathname} ${form.get("scope")} as ${assertion.sub} for ${assertion.aud}`);
    return Response.json({ token_type: "Bearer", expires_in: 3600, access_token: "azure" });
  });
  const vault = Deno.serve({
    hostname: vaultAddress,
    port: httpsPort,
    onListen: () => {},
    ...await authority.issue(vaults),
  }, (request) => {
    const { pathname, host } = new URL(request.url);
    asked.push(`${host}${pathname}`);
    const error = (status: number, code: string, message: string) =>
      Response.json({ error: { code, message } }, { status });
    if (request.headers.get("authorization") !== "Bearer azure") {
      return error(401, "Unauthorized", "no token");
    }
    const [, kind, name = ""] = pathname.split("/");
    const secret = secrets.get(name);
    if (kind !== "secrets" || secret === undefined) {
      return error(404, "SecretNotFound", `A secret with (name/id) ${name} was not found`);
    }
    const id = `https://${host}/secrets/${name}/${"0".repeat(32)}`;
    return Response.json({ id, value: JSON.stringify(secret), attributes: { enabled: true } });
  });
  return {
    use: "azure",
    secrets,
    asked,
    hosts: {
      [loginHost]: [loginAddress],
      ...Object.fromEntries(vaults.map((name) => [name, [vaultAddress]])),
    },
    env: {},
    async [Symbol.asyncDispose]() {
      await Promise.all([login.shutdown(), vault.shutdown()]);
    },
  };
}
