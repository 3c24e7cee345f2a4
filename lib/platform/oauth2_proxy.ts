/** Ports of an OAuth2 Proxy's pods. Source: OAuth2 Proxy, "Overview", http-address and metrics-address. */
export const oauth2ProxyPorts = { http: 4180, metrics: 44180 };

/** Port of the Service in front of an OAuth2 Proxy. */
export const oauth2ProxyServicePort = 80;

/** Keys of the Secret of an OAuth2 Proxy; they are the names of its own settings. */
export const oauth2ProxyKeys = [
  "OAUTH2_PROXY_CLIENT_ID",
  "OAUTH2_PROXY_CLIENT_SECRET",
  "OAUTH2_PROXY_COOKIE_SECRET",
] as const;
