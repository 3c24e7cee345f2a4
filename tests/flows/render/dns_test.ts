import assert from "node:assert/strict";
import { dnsRecords, dnsTable } from "../../../lib/flows/render/dns.ts";
import { sampleMail } from "../../platform/apps/sample_apps.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const platform = samplePlatform({ mail: { mail: sampleMail() } });

Deno.test("the table of DNS records puts in brackets what somebody has yet to find out", () => {
  const { columns, rows } = dnsTable({ platform });
  const dkim = rows.find(([name]) => name === "dkim._domainkey.example.org")!;
  assert.equal(dkim[columns.indexOf("Value")], "(published by the admin UI after its first start)");
  const mx = rows.find((row) => row[columns.indexOf("Type")] === "MX")!;
  assert.equal(mx[columns.indexOf("Value")], "10 mail.example.org");
});

Deno.test("programs read one record for each row of the table", () => {
  const { rows } = dnsTable({ platform });
  assert.deepEqual(
    dnsRecords({ platform }).map(({ name }) => name),
    rows.map(([name]) => name),
  );
});
