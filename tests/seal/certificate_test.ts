import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
  chooseCertificate,
  normalFingerprint,
  readCertificates,
} from "../../lib/seal/certificate.ts";
import { CertificateRefused, Malformed } from "../../lib/seal/errors.ts";
import { makePair } from "./sealing_pair.ts";

const old = await makePair({ notBefore: "2020-01-01T00:00:00Z", notAfter: "2030-01-01T00:00:00Z" });
const young = await makePair({
  notBefore: "2025-06-01T00:00:00Z",
  notAfter: "2055-06-01T00:00:00Z",
});
const source = "sealing.pem";
const now = Temporal.Instant.from("2026-01-01T00:00:00Z");

Deno.test("a certificate is read as others read it", async () => {
  const [certificate] = await readCertificates(old.cert, source);
  const theirs = new X509Certificate(old.cert);
  assert.equal(certificate!.fingerprint, normalFingerprint(theirs.fingerprint256));
  assert.equal(certificate!.notBefore.epochMilliseconds, Date.parse(theirs.validFrom));
  assert.equal(certificate!.notAfter.epochMilliseconds, Date.parse(theirs.validTo));
  assert.equal(certificate!.keyBytes, 256);
});

Deno.test("years from 2050 on, which are written otherwise, are read", async () => {
  const [certificate] = await readCertificates(young.cert, source);
  assert.equal(certificate!.notAfter.toString(), "2055-06-01T00:00:00Z");
});

Deno.test("of several certificates the newest by its NotBefore is taken, wherever it stands", async () => {
  for (const text of [old.cert + young.cert, `text before\n${young.cert}\n\n${old.cert}`]) {
    const chosen = chooseCertificate(await readCertificates(text, source), { now, source });
    assert.equal(chosen.fingerprint, young.certificate.fingerprint);
  }
});

Deno.test("a newer certificate that is not valid yet does not keep an older one from use", async () => {
  const certificates = await readCertificates(old.cert + young.cert, source);
  const before = Temporal.Instant.from("2024-01-01T00:00:00Z");
  const chosen = chooseCertificate(certificates, { now: before, source });
  assert.equal(chosen.fingerprint, old.certificate.fingerprint);
});

Deno.test("an expired certificate is refused, with its end and how to get another one", () => {
  const late = Temporal.Instant.from("2031-01-01T00:00:00Z");
  assert.throws(
    () => chooseCertificate([old.certificate], { now: late, source }),
    (error) =>
      error instanceof CertificateRefused && /ended at 2030-01-01/.test(error.message) &&
      /--fetch-cert/.test(error.remedy!) && error.exitCode === 2,
  );
});

Deno.test("a certificate that begins later is refused, and the clock is suspected", () => {
  const early = Temporal.Instant.from("2019-01-01T00:00:00Z");
  assert.throws(
    () => chooseCertificate([old.certificate], { now: early, source }),
    (error) => error instanceof CertificateRefused && /clock/.test(error.remedy!),
  );
});

Deno.test("a certificate with another fingerprint than the pinned one is refused", () => {
  const pinned = [young.certificate.fingerprint];
  assert.throws(
    () => chooseCertificate([old.certificate], { now, source, pinned }),
    (error) =>
      error instanceof CertificateRefused && error.message.includes(pinned[0]!) &&
      /another cluster/.test(error.remedy!),
  );
  const both = [old.certificate, young.certificate];
  const chosen = chooseCertificate(both, { now, source, pinned: [old.certificate.fingerprint] });
  assert.equal(chosen.fingerprint, old.certificate.fingerprint, "the pinned one, though older");
});

Deno.test("fingerprints are read in all usual forms", () => {
  const digits = old.certificate.fingerprint;
  const openssl = digits.toUpperCase().match(/../g)!.join(":");
  for (const text of [digits, openssl, `SHA256:${digits}`, `sha256 Fingerprint=${openssl}`]) {
    assert.equal(normalFingerprint(text), digits, text);
  }
  assert.throws(() => normalFingerprint(digits.slice(1)), Malformed);
});

Deno.test("what is no certificate is refused without a riddle", async () => {
  const damaged = old.cert.replace(/\n(.{30})/, (_, start) => `\n${"A".repeat(start.length)}`);
  const cases: [string, RegExp][] = [
    ["", /no PEM block CERTIFICATE/],
    [old.key, /no PEM block CERTIFICATE/],
    [damaged, /Cannot read certificate 1 of sealing.pem/],
    [`-----BEGIN CERTIFICATE-----\nMAAw\n-----END CERTIFICATE-----`, /Cannot read certificate 1/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(
      readCertificates(text, source),
      (error) => error instanceof Malformed && message.test(error.message),
    );
  }
});

Deno.test("a certificate of a key that is not RSA is refused", async () => {
  const { makeCertificate } = await import("../../lib/core/certificate.ts");
  const { cert } = await makeCertificate({
    commonName: "x",
    notBefore: now,
    notAfter: now.add({ hours: 1 }),
  });
  await assert.rejects(readCertificates(cert, source), /its key is not RSA/);
});
