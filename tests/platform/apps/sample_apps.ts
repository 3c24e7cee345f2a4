import type { IdentityProvider, Mail, Platform } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../sample_platform.ts";

const { resources } = sampleWorkload();

/** An Authentik with two clients, of which one runs in browsers. */
export function sampleIdentityProvider(changes: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    namespace: "shop",
    image: "ghcr.io/goauthentik/server:2025.10.2",
    host: "auth.example.org",
    server: { replicas: 2, resources },
    worker: { replicas: 1, resources },
    postgres: { host: "postgres.shop.svc", database: "authentik", secret: "authentik-db" },
    secret: { name: "authentik" },
    clients: {
      grafana: {
        title: "Grafana",
        redirectUris: ["https://grafana.example.org/login/generic_oauth"],
        launchUrl: "https://grafana.example.org/",
        scopes: ["openid", "email", "profile", "groups"],
        secret: { name: "grafana-client", key: "client-secret" },
      },
      "argo-cd-cli": { redirectUris: ["http://localhost:8085/auth/callback"] },
    },
    ...changes,
  };
}

/** A Mailu for one domain. */
export function sampleMail(changes: Partial<Mail> = {}): Mail {
  return {
    namespace: "shop",
    domain: "example.org",
    hostnames: ["mail.example.org"],
    certificate: "mail-tls",
    images: {
      front: "ghcr.io/mailu/nginx:2024.06",
      admin: "ghcr.io/mailu/admin:2024.06",
      smtp: "ghcr.io/mailu/postfix:2024.06",
      imap: "ghcr.io/mailu/dovecot:2024.06",
      antispam: "ghcr.io/mailu/rspamd:2024.06",
      webmail: "ghcr.io/mailu/webmail:2024.06",
      redis: "docker.io/library/redis:7.2",
    },
    storage: { storageClass: "disk", mailboxes: "50Gi" },
    secret: { name: "mailu", adminPasswordKey: "admin-password" },
    dmarc: { policy: "reject" },
    ...changes,
  };
}

/** What both need around them. */
export const around: Partial<Platform> = {
  namespaces: { shop: { podSecurity: "baseline" } },
  storageClasses: {
    disk: {
      provisioner: "rancher.io/local-path",
      accessModes: ["ReadWriteOnce"],
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
    },
  },
  sealedSecrets: {
    "authentik": sealed("secret-key"),
    "authentik-db": sealed("username", "password"),
    "grafana-client": sealed("client-secret"),
    "mailu": sealed("secret-key", "admin-password"),
    "mail-tls": { ...sealed("tls.crt", "tls.key"), type: "kubernetes.io/tls" },
  },
};

function sealed(...keys: string[]): Platform["sealedSecrets"][string] {
  return { namespace: "shop", scope: "strict", type: "Opaque", keys, sealed: {} };
}
