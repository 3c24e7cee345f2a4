import { mailServiceOf } from "./apps/mailu.ts";
import { reverseName } from "./dns_reverse.ts";
import { routesOf } from "./routes.ts";
import type { Dns, Mail, Platform } from "./types.ts";

/** A record in the domain name system. */
export interface DnsRecord {
  /** Full name, without a final dot. */
  name: string;
  /** Type. Source: IANA, "DNS Parameters". */
  type: "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "PTR" | "SRV";
  /** Its data as zone files write it, without final dots; where it is not known yet, who knows it. */
  value: string;
  /** How long others may keep it, in seconds. */
  ttlSeconds: number;
  /** What it is for. */
  purpose: string;
  /** The value is not known yet, and is to be replaced. */
  pending?: true;
}

const usualTtlSeconds = 3600;

/** Records that a platform's names need: addresses of all hosts, and what mail asks for. */
export function dnsRecordsOf(platform: Platform): DnsRecord[] {
  const { dns = {}, mail } = platform;
  const mailHosts = new Set(Object.values(mail).flatMap(({ hostnames }) => hostnames));
  const records = [
    ...hostsOf(platform)
      // Mail programs and people come to one host: it leads where mail arrives.
      .filter(([host]) => !mailHosts.has(host))
      .flatMap(([host, purpose]) => addressRecords(host, purpose, dns, "the ingress controller")),
    ...Object.entries(mail).flatMap(([name, options]) => mailRecords(name, options, dns)),
  ];
  return records.map((record) => ({
    ...record,
    ttlSeconds: dns.ttlSeconds ?? usualTtlSeconds,
  }));
}

type Draft = Omit<DnsRecord, "ttlSeconds">;

/** Hosts by name, each once, with what it is for. */
function hostsOf(platform: Platform): [host: string, purpose: string][] {
  const hosts = [
    ...Object.entries(routesOf(platform)).flatMap(([name, route]) =>
      route.hosts.map((host) => [host, `route ${name}`] as const)
    ),
    ...Object.entries(platform.identityProviders).map(([name, { host }]) =>
      [host, `identity provider ${name}`] as const
    ),
    ...Object.entries(platform.tenants).flatMap(([name, { domain }]) =>
      [domain, `*.${domain}`].map((host) => [host, `tenant ${name}`] as const)
    ),
  ];
  const byHost = Map.groupBy(hosts, ([host]) => host);
  return [...byHost].map(([host, same]): [string, string] => [host, same[0]![1]])
    .sort(([a], [b]) => a < b ? -1 : 1);
}

function addressRecords(
  name: string,
  purpose: string,
  { addresses, alias }: Pick<Dns, "addresses" | "alias">,
  knower: string,
): Draft[] {
  if (alias !== undefined) return [{ name, type: "CNAME", value: alias, purpose }];
  if (addresses === undefined) {
    return [{ name, type: "A", value: `the public address of ${knower}`, purpose, pending: true }];
  }
  return addresses.map((address) => ({
    name,
    type: address.includes(":") ? "AAAA" : "A",
    value: address,
    purpose,
  }));
}

/** Sources: RFC 5321 section 5.1, RFC 7208, RFC 6376 section 3.6, RFC 7489 section 6.1, RFC 6186; Mailu, "DNS setup". */
function mailRecords(name: string, mail: Mail, dns: Dns): Draft[] {
  const { domain, hostnames, dmarc, namespace } = mail;
  const primary = hostnames[0]!;
  // An MX record must not lead to an alias. Source: RFC 2181, section 10.3.
  const addresses = mail.addresses ?? dns.addresses;
  const reports = `mailto:${dmarc.reports ?? `${mail.postmaster ?? "postmaster"}@${domain}`}`;
  return [
    ...hostnames.flatMap((host) =>
      addressRecords(
        host,
        `mail server ${name}`,
        { addresses },
        `Service ${namespace}/${mailServiceOf(name)}`,
      )
    ),
    { name: domain, type: "MX", value: `10 ${primary}`, purpose: "where mail is delivered to" },
    {
      name: domain,
      type: "TXT",
      value: text(`v=spf1 mx a:${primary} ~all`),
      purpose: "SPF: who may send mail",
    },
    dkimRecord(mail),
    {
      name: `_dmarc.${domain}`,
      type: "TXT",
      value: text(`v=DMARC1; p=${dmarc.policy}; rua=${reports}; ruf=${reports}; adkim=s; aspf=s`),
      purpose: "DMARC: what to do with mail that is not ours",
    },
    ...services(mail),
    ...(addresses ?? []).map((address): Draft => ({
      name: reverseName(address),
      type: "PTR",
      value: primary,
      purpose: "set by who owns the address; others refuse mail without it",
    })),
  ];
}

function dkimRecord({ domain, dkim }: Mail): Draft {
  const name = `${dkim?.selector ?? "dkim"}._domainkey.${domain}`;
  const purpose = "DKIM: the key of our signatures";
  return dkim?.publicKey === undefined
    ? {
      name,
      type: "TXT",
      value: "published by the admin UI after its first start",
      purpose,
      pending: true,
    }
    : { name, type: "TXT", value: text(`v=DKIM1; k=rsa; p=${dkim.publicKey}`), purpose };
}

/** How mail programs find the server by an address alone. */
function services({ domain, hostnames }: Mail): Draft[] {
  return ([["_submissions", 465], ["_imaps", 993]] as const).map(([service, port]) => ({
    name: `${service}._tcp.${domain}`,
    type: "SRV",
    value: `10 1 ${port} ${hostnames[0]}`,
    purpose: "how mail programs find the server",
  }));
}

/** A text as zone files write it: strings of at most 255 characters. Source: RFC 1035, section 3.3. */
function text(value: string): string {
  return (value.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(" ");
}
