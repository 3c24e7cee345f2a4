import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../lib/core/errors.ts";
import {
  checkService,
  loopbackAddress,
  type Service,
} from "../../../lib/local/services/service.ts";

const service: Service = {
  name: "vault-0.vault",
  program: "vault",
  args: [],
  folder: "volumes/vault-0",
  listensAt: { address: "127.1.2.3", port: 8200 },
};
const secret = { namespace: "vault", secret: "vault-tls", key: "tls.key" };

Deno.test("each service has an address of its own on loopback, which is always the same", () => {
  fc.assert(fc.property(fc.uuid(), fc.string(), (id, name) => {
    const address = loopbackAddress(id, name);
    const parts = address.split(".").map(Number);
    assert.equal(parts.length, 4);
    assert.equal(parts[0], 127);
    assert.ok(parts[1]! >= 1 && parts[1]! <= 254 && parts[2]! <= 255, address);
    assert.ok(parts[3]! >= 1 && parts[3]! <= 254, address);
    assert.equal(loopbackAddress(id, name), address);
  }));
  assert.notEqual(loopbackAddress("a", "vault-0"), loopbackAddress("a", "vault-1"));
  assert.notEqual(loopbackAddress("a", "vault-0"), loopbackAddress("b", "vault-0"));
});

Deno.test("a service may be given files below /run only, where its memory is", () => {
  checkService({ ...service, secretFiles: { "/run/vault/tls/tls.key": secret } });
  for (
    const path of ["/etc/passwd", "run/x", "/run", "/run/../etc/passwd", "/run/a b", "/run/a\n"]
  ) {
    for (const given of [{ secretFiles: { [path]: secret } }, { files: { [path]: "" } }]) {
      assert.throws(() => checkService({ ...service, ...given }), UsageError, path);
    }
  }
});

Deno.test("names that would not survive the way to a service are refused", () => {
  for (const name of ["", "Vault", "a/b", "a b", "-a", "..", "a\n"]) {
    assert.throws(() => checkService({ ...service, name }), UsageError, name);
  }
  for (const variable of ["", "A B", "1A", "A=B", "A\n"]) {
    assert.throws(() => checkService({ ...service, env: { [variable]: "x" } }), UsageError);
    assert.throws(
      () => checkService({ ...service, secretEnv: { [variable]: secret } }),
      UsageError,
    );
  }
  for (const folder of ["", "/tmp", "../x", "a/../../b", "a//b"]) {
    assert.throws(() => checkService({ ...service, folder }), UsageError, folder);
  }
});
