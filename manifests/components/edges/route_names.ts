/** Name of the middleware by which routes ask the OAuth2 Proxy of this name. */
export function authenticationName(proxy: string): string {
  return `authenticated-by-${proxy}`;
}

/** Name of what takes a path away, such as `strip-api-v1`. */
export function stripName(path: string): string {
  return `strip${path.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}
