import type { SecurityHeaders } from "../../../lib/platform/types.ts";

/** Response headers that controllers without words of their own for them set, by name; as Traefik writes them. */
export function responseHeaders(headers: SecurityHeaders): Record<string, string> {
  const all: Record<string, string | undefined> = {
    "Strict-Transport-Security": headers.hstsSeconds === 0
      ? undefined
      : `max-age=${headers.hstsSeconds}${
        headers.hstsIncludeSubdomains ? "; includeSubDomains" : ""
      }`,
    "X-Frame-Options": headers.frameDeny ? "DENY" : undefined,
    "X-Content-Type-Options": headers.contentTypeNosniff ? "nosniff" : undefined,
    "X-XSS-Protection": headers.browserXssFilter ? "1; mode=block" : undefined,
    "Referrer-Policy": headers.referrerPolicy,
    "Permissions-Policy": headers.permissionsPolicy,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
