import type { ConfigMapOptions, Mail, MailPart, Resources, Workload } from "../types.ts";
import { mailuEnvironment } from "./mailu_environment.ts";
import type { AppParts } from "./app_parts.ts";

/** Labels of all pods of a Mailu. */
export function mailLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "mailu", "app.kubernetes.io/instance": name };
}

/** Workload and Service of a part of Mailu. */
export function mailPartOf(name: string, part: MailPart): string {
  return `${name}-${part}`;
}

/** Service of the ports that mail programs and other servers use. */
export function mailServiceOf(name: string): string {
  return `${name}-public`;
}

/** What Mailu consists of: a StatefulSet for each part, and their environment. Source: Mailu's chart, templates/. */
export function mailuParts(name: string, mail: Mail): AppParts {
  return {
    workloads: Object.fromEntries(
      (Object.keys(parts) as MailPart[]).map((part) => [
        mailPartOf(name, part),
        workloadOf(name, part, mail),
      ]),
    ),
    configMaps: { [environmentOf(name)]: environment(name, mail) },
  };
}

function environmentOf(name: string): string {
  return `${name}-environment`;
}

function environment(name: string, mail: Mail): ConfigMapOptions {
  return {
    namespace: mail.namespace,
    data: mailuEnvironment(
      mail,
      (part) => `${mailPartOf(name, part)}.${mail.namespace}.svc.cluster.local`,
    ),
  };
}

/** What differs between the parts. */
interface PartSpec {
  ports: Record<string, number>;
  /** What the part keeps: where in its container, and where in its volume. */
  keeps?: { volume: Exclude<keyof Mail["storage"], "storageClass">; paths: Record<string, string> };
  probe: NonNullable<NonNullable<Workload["probes"]>["liveness"]>;
  resources: Resources;
}

/** Sources: Mailu's chart, templates/<part>/deployment.yaml and service.yaml; sizes as in its values.yaml, in the measure of a small team. */
const parts: Record<MailPart, PartSpec> = {
  front: {
    ports: {
      "http": 80,
      "auth": 8000,
      "smtp": 25,
      "smtps": 465,
      "submission": 587,
      "imap": 143,
      "imaps": 993,
      "sieve": 4190,
      "smtp-auth": 10025,
      "imap-auth": 10143,
      "sieve-auth": 14190,
    },
    probe: { path: "/health", port: "http", timeoutSeconds: 5 },
    resources: sized("100m", "200Mi", "500m", "400Mi"),
  },
  admin: {
    ports: { http: 8080 },
    keeps: { volume: "admin", paths: { "/data": "admin", "/dkim": "dkim" } },
    probe: { path: "/ping", port: "http", timeoutSeconds: 5 },
    resources: sized("100m", "400Mi", "500m", "600Mi"),
  },
  smtp: {
    ports: { "smtp": 25, "smtp-auth": 10025 },
    keeps: { volume: "queue", paths: { "/queue": "mailqueue" } },
    probe: { exec: ["sh", "-c", "! /usr/libexec/postfix/master -t"], timeoutSeconds: 5 },
    resources: sized("100m", "256Mi", "500m", "512Mi"),
  },
  imap: {
    ports: { "auth": 2102, "lmtp": 2525, "imap": 143, "pop3": 110, "sieve": 4190 },
    keeps: { volume: "mailboxes", paths: { "/data": "dovecotdata", "/mail": "dovecotmail" } },
    probe: { exec: ["sh", "-c", 'kill -0 "$(cat /run/dovecot/master.pid)"'], timeoutSeconds: 5 },
    resources: sized("100m", "256Mi", "1", "1Gi"),
  },
  antispam: {
    ports: { "milter": 11332, "http": 11334 },
    keeps: { volume: "antispam", paths: { "/var/lib/rspamd": "rspamd" } },
    probe: { path: "/", port: "http", timeoutSeconds: 5 },
    resources: sized("100m", "256Mi", "500m", "512Mi"),
  },
  webmail: {
    ports: { http: 80 },
    keeps: { volume: "webmail", paths: { "/data": "webmail" } },
    probe: {
      exec: ["curl", "-f", "-L", "-H", "User-Agent: health", "http://localhost/ping"],
      timeoutSeconds: 5,
    },
    resources: sized("100m", "128Mi", "500m", "512Mi"),
  },
  redis: {
    ports: { redis: 6379 },
    keeps: { volume: "redis", paths: { "/data": "redis" } },
    probe: { tcp: true, port: "redis" },
    resources: sized("50m", "64Mi", "200m", "128Mi"),
  },
};

function sized(cpu: string, memory: string, mostCpu: string, mostMemory: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: mostCpu, memory: mostMemory } };
}

const usualSizes = {
  admin: "1Gi",
  queue: "2Gi",
  antispam: "1Gi",
  webmail: "1Gi",
  redis: "1Gi",
} as const;

/** One pod each: their files have one writer, and a Deployment could run two for a moment. */
function workloadOf(name: string, part: MailPart, mail: Mail): Workload {
  const { ports, keeps, probe, resources } = parts[part];
  const own = mailPartOf(name, part);
  return {
    kind: keeps === undefined ? "Deployment" : "StatefulSet",
    namespace: mail.namespace,
    labels: { ...mailLabels(name), "app.kubernetes.io/component": part },
    container: part,
    image: mail.images[part],
    replicas: 1,
    resources: mail.resources?.[part] ?? resources,
    ports,
    services: {
      [own]: { ports },
      ...(part === "front" ? publicService(name, mail) : {}),
    },
    probes: {
      startup: { ...probe, failureThreshold: 60, periodSeconds: 5 },
      liveness: { ...probe, periodSeconds: 20 },
      readiness: { ...probe, periodSeconds: 10 },
    },
    volumeClaims: keeps && {
      data: {
        storageClass: mail.storage.storageClass,
        size: mail.storage[keeps.volume] ?? usualSizes[keeps.volume as keyof typeof usualSizes],
      },
    },
    mounts: {
      ...Object.fromEntries(
        Object.entries(keeps?.paths ?? {}).map(([path, subPath]) => [
          path,
          { volumeClaim: "data", subPath },
        ]),
      ),
      ...(part === "front" ? certificate(mail) : {}),
    },
    ...(part === "redis" ? redis : mailuImage(name, part, mail)),
  };
}

/** Ports of mail from outside. The client's address stays: spam is told by where it comes from. */
function publicService(name: string, mail: Mail): Workload["services"] {
  return {
    [mailServiceOf(name)]: {
      ports: {
        smtp: 25,
        smtps: 465,
        submission: 587,
        imap: 143,
        imaps: 993,
        sieve: 4190,
      },
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      annotations: mail.loadBalancerAnnotations,
    },
  };
}

/** Source: Mailu, "TLS_FLAVOR" mail. */
function certificate({ certificate }: Mail): NonNullable<Workload["mounts"]> {
  return {
    "/certs": { secret: certificate, items: { "tls.crt": "cert.pem", "tls.key": "key.pem" } },
  };
}

/** The user redis of the image. */
const redis: Partial<Workload> = {
  args: ["redis-server", "--dir", "/data", "--save", "900", "1"],
  runAs: { user: 999, group: 1000 },
};

function mailuImage(name: string, part: MailPart, { secret }: Mail): Partial<Workload> {
  const why = "Mailu's images start as root, write their configuration, take over their volumes " +
    "and go on as users of their own";
  return {
    envFromConfigs: [environmentOf(name)],
    env: {
      SECRET_KEY: { secret: secret.name, key: secret.secretKeyKey ?? "secret-key" },
      ...(part === "admin" && secret.adminPasswordKey !== undefined
        ? { INITIAL_ADMIN_PW: { secret: secret.name, key: secret.adminPasswordKey } }
        : {}),
    },
    runAs: { user: 0, group: 0, because: why },
    writableRoot: { because: why },
    capabilities: {
      // All of these are allowed at level baseline.
      add: [
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "KILL",
        "NET_BIND_SERVICE",
        "SETGID",
        "SETUID",
        "SYS_CHROOT",
      ],
      because: why,
    },
  };
}
