import type { TableEvent } from "../../core/events.ts";
import type { DnsRecord } from "../../platform/dns.ts";
import { dnsRecordsOf } from "../../platform/dns.ts";
import type { RenderedPlatform } from "./render.ts";

/** The records that a platform needs in the domain name system, as people read them. */
export function dnsTable({ platform }: Pick<RenderedPlatform, "platform">): TableEvent {
  return {
    type: "table",
    title: `DNS records of ${platform.name} for ${platform.environment}`,
    columns: ["Name", "Type", "TTL", "Value", "For"],
    rows: dnsRecordsOf(platform).map(({ name, type, ttlSeconds, value, purpose, pending }) => [
      name,
      type,
      String(ttlSeconds),
      pending === true ? `(${value})` : value,
      purpose,
    ]),
  };
}

/** The same records as programs read them. */
export function dnsRecords({ platform }: Pick<RenderedPlatform, "platform">): DnsRecord[] {
  return dnsRecordsOf(platform);
}
