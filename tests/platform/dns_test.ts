import assert from "node:assert/strict";
import { dnsRecordsOf } from "../../lib/platform/dns.ts";
import { reverseName } from "../../lib/platform/dns_reverse.ts";
import type { Platform, Route } from "../../lib/platform/types.ts";
import { sampleMail } from "./apps/sample_apps.ts";
import { samplePlatform } from "./sample_platform.ts";

function recordsOf(changes: Partial<Platform>): string[] {
  return dnsRecordsOf(samplePlatform(changes)).map(({ name, type, value }) =>
    `${name} ${type} ${value}`
  );
}

function route(...hosts: string[]): Route {
  return { namespace: "shop", hosts, service: "web", port: 80, middlewares: [] };
}

const routes = { web: route("www.example.org", "example.org"), api: route("api.example.org") };

Deno.test("each host of a route has a record for each address, by its family", () => {
  const dns = { addresses: ["203.0.113.7", "2001:db8::7"] };
  assert.deepEqual(recordsOf({ routes, dns }), [
    "api.example.org A 203.0.113.7",
    "api.example.org AAAA 2001:db8::7",
    "example.org A 203.0.113.7",
    "example.org AAAA 2001:db8::7",
    "www.example.org A 203.0.113.7",
    "www.example.org AAAA 2001:db8::7",
  ]);
});

Deno.test("hosts are aliases where the platform says so, and each has one record", () => {
  const twice = { web: route("www.example.org"), api: route("www.example.org") };
  assert.deepEqual(recordsOf({ routes: twice, dns: { alias: "lb.example.net" } }), [
    "www.example.org CNAME lb.example.net",
  ]);
});

Deno.test("an address that the platform does not know is said to be missing", () => {
  const [record] = dnsRecordsOf(samplePlatform({ routes: { api: routes.api } }));
  assert.equal(record!.pending, true);
  assert.equal(record!.value, "the public address of the ingress controller");
});

Deno.test("a mail server has the records that others ask before they take its mail", () => {
  const mail = { mail: sampleMail({ addresses: ["203.0.113.25"] }) };
  assert.deepEqual(recordsOf({ mail }), [
    "mail.example.org A 203.0.113.25",
    "example.org MX 10 mail.example.org",
    'example.org TXT "v=spf1 mx a:mail.example.org ~all"',
    "dkim._domainkey.example.org TXT published by the admin UI after its first start",
    '_dmarc.example.org TXT "v=DMARC1; p=reject; rua=mailto:postmaster@example.org; ruf=mailto:postmaster@example.org; adkim=s; aspf=s"',
    "_submissions._tcp.example.org SRV 10 1 465 mail.example.org",
    "_imaps._tcp.example.org SRV 10 1 993 mail.example.org",
    "25.113.0.203.in-addr.arpa PTR mail.example.org",
  ]);
});

Deno.test("the host of a mail server leads where mail arrives, also where a route has it for webmail", () => {
  const records = recordsOf({
    routes: { webmail: route("mail.example.org") },
    dns: { alias: "lb.example.net" },
    mail: { mail: sampleMail() },
  });
  assert.deepEqual(records.filter((record) => record.startsWith("mail.example.org")), [
    "mail.example.org A the public address of Service shop/mail-public",
  ]);
});

Deno.test("a signing key that is known is published under its selector, in strings of at most 255", () => {
  const publicKey = "M".repeat(392);
  const records = dnsRecordsOf(
    samplePlatform({ mail: { mail: sampleMail({ dkim: { selector: "s1", publicKey } }) } }),
  );
  const { value, pending } = records.find(({ name }) => name === "s1._domainkey.example.org")!;
  assert.equal(pending, undefined);
  const strings = [...value.matchAll(/"([^"]*)"/g)].map(([, text]) => text!);
  assert(strings.every(({ length }) => length <= 255), value);
  assert.equal(strings.join(""), `v=DKIM1; k=rsa; p=${publicKey}`);
});

Deno.test("records may be kept as long as the platform says", () => {
  const dns = { addresses: ["203.0.113.7"], ttlSeconds: 300 };
  const ttls = dnsRecordsOf(samplePlatform({ routes, dns })).map(({ ttlSeconds }) => ttlSeconds);
  assert.deepEqual([...new Set(ttls)], [300]);
});

Deno.test("addresses are looked up backwards under the names that registries know", () => {
  assert.equal(reverseName("203.0.113.25"), "25.113.0.203.in-addr.arpa");
  assert.equal(
    reverseName("2001:db8::567:89ab"),
    "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
  );
  assert.equal(reverseName("::1").length, 32 * 2 + "ip6.arpa".length);
});
