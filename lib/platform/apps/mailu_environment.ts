import type { Mail, MailPart } from "../types.ts";

/**
 * Settings that all parts of Mailu read. `address` names the host at which one part finds another.
 * Source: Mailu, "Configuration reference", and its chart, templates/envvars-configmap.yaml.
 */
export function mailuEnvironment(
  mail: Mail,
  address: (part: MailPart) => string,
): Record<string, string> {
  const [primary] = mail.hostnames;
  const postmaster = mail.postmaster ?? "postmaster";
  const redis = `redis://${address("redis")}:6379`;
  return {
    DOMAIN: mail.domain,
    HOSTNAMES: mail.hostnames.join(","),
    POSTMASTER: postmaster,
    SITENAME: mail.domain,
    WEBSITE: `https://${primary}`,
    SUBNET: mail.podRange ?? "10.42.0.0/16",
    // Mail programs meet Mailu's own certificate; people come through the ingress controller, which has its own.
    TLS_FLAVOR: "mail",
    KUBERNETES_INGRESS: "true",
    REAL_IP_HEADER: "X-Forwarded-For",
    REAL_IP_FROM: mail.podRange ?? "10.42.0.0/16",
    ADMIN: "true",
    WEB_ADMIN: "/admin",
    WEBMAIL: "roundcube",
    WEB_WEBMAIL: "/webmail",
    WEBROOT_REDIRECT: "/webmail",
    WEBDAV: "none",
    ANTIVIRUS: "none",
    SCAN_MACROS: "false",
    FETCHMAIL_ENABLED: "false",
    API: "false",
    DB_FLAVOR: "sqlite",
    SQLALCHEMY_DATABASE_URI: "sqlite:////data/main.db",
    ROUNDCUBE_DB_FLAVOR: "sqlite",
    RATELIMIT_STORAGE_URL: `${redis}/2`,
    QUOTA_STORAGE_URL: `${redis}/1`,
    DKIM_PATH: "/dkim/{domain}.{selector}.key",
    DKIM_SELECTOR: mail.dkim?.selector ?? "dkim",
    DMARC_RUA: reportsTo(mail),
    DMARC_RUF: reportsTo(mail),
    MESSAGE_SIZE_LIMIT: String((mail.messageSizeMegabytes ?? 50) * 1024 * 1024),
    MESSAGE_RATELIMIT: "200/day",
    AUTH_RATELIMIT_IP: "60/hour",
    AUTH_RATELIMIT_USER: "100/day",
    RECIPIENT_DELIMITER: "+",
    DISABLE_STATISTICS: "true",
    LOG_LEVEL: "INFO",
    TZ: "Etc/UTC",
    ...(mail.secret.adminPasswordKey === undefined ? {} : {
      INITIAL_ADMIN_ACCOUNT: "admin",
      INITIAL_ADMIN_DOMAIN: mail.domain,
      INITIAL_ADMIN_MODE: "ifmissing",
    }),
    ...Object.fromEntries(
      (["admin", "front", "smtp", "imap", "antispam", "webmail", "redis"] as const).map((part) => [
        `${part.toUpperCase()}_ADDRESS`,
        address(part),
      ]),
    ),
  };
}

/** Mailu adds the domain by itself: only the part before the @ is wanted. */
function reportsTo({ dmarc, postmaster }: Mail): string {
  return dmarc.reports?.split("@")[0] ?? postmaster ?? "postmaster";
}
