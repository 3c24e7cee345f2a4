import assert from "node:assert/strict";
import { connectionFailure } from "../../lib/vault/connection_failure.ts";
import { capabilityOf, refusalOf } from "../../lib/vault/refusal.ts";

const refused = (status: number, error: string, changes = {}) =>
  refusalOf({
    address: "https://vault:8200",
    method: "GET",
    path: "secret/data/shop",
    status,
    errors: error === "" ? [] : [error],
    hadToken: true,
    ...changes,
  });

Deno.test("each refusal of Vault has its problem, cause and remedy", () => {
  const cases: [number, string, string, RegExp, RegExp, boolean][] = [
    [503, "Vault is sealed", "sealed", /it is sealed/, /unseal-vault/, false],
    [400, "Vault is not initialized", "not-initialized", /not initialised/, /install-vault/, false],
    [
      500,
      "local node not active but active cluster node not found",
      "no-leader",
      /there is no leader/,
      /more than half/,
      true,
    ],
    [
      500,
      "leadership lost while committing log",
      "quorum-lost",
      /lost touch/,
      /vault-status/,
      true,
    ],
    [307, "https://vault-1:8200/v1/x", "standby", /leader at https:\/\/vault-1/, /leader/, true],
    [
      403,
      "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n",
      "token-ended",
      /expired, was revoked/,
      /--identity/,
      false,
    ],
    [
      403,
      "1 error occurred:\n\t* permission denied\n\n",
      "permission-denied",
      /"read" on secret\/data\/shop/,
      /capability read/,
      false,
    ],
    [429, "rate limit quota exceeded", "rate-limited", /quota/, /sys\/quotas/, true],
    [404, 'no handler for route "x"', "not-found", /nothing is mounted/, /configure-vault/, false],
    [404, "", "not-found", /HTTP 404/, /path/, false],
    [400, "bad thing", "invalid", /HTTP 400: bad thing/, /mend/, false],
    [500, "disk on fire", "failed", /HTTP 500: disk on fire/, /log/, true],
    [500, "error encrypting with seal", "seal-unavailable", /unseals it/, /run, be unsealed/, true],
  ];
  for (const [status, text, problem, message, remedy, retryable] of cases) {
    const error = refused(status, text);
    assert.equal(error.problem, problem, text);
    assert.match(
      error.message,
      /^Cannot GET secret\/data\/shop at the Vault https:\/\/vault:8200: /,
    );
    assert.match(error.message, message);
    assert.match(error.remedy ?? "", remedy);
    assert.equal(error.retryable, retryable, text);
  }
});

Deno.test("a refusal without a token asks for one", () => {
  const error = refused(403, "permission denied", { hadToken: false });
  assert.equal(error.problem, "no-token");
});

Deno.test("each method names the capability that a policy needs for it", () => {
  assert.deepEqual(["GET", "LIST", "DELETE", "PATCH", "POST", "PUT"].map(capabilityOf), [
    "read",
    "list",
    "delete",
    "patch",
    "create or update",
    "create or update",
  ]);
});

Deno.test("a failed connection tells why, and whether Vault can have seen the request", () => {
  const failure = (text: string) =>
    connectionFailure(
      "GET sys/health",
      "https://vault:8200",
      new TypeError("fetch failed", {
        cause: new Error(text),
      }),
    );
  const cases: [string, string, boolean][] = [
    ["client error (Connect): tcp connect error: Connection refused", "unreachable", true],
    ["client error (Connect): dns error: failed to lookup", "name-not-resolved", true],
    ["invalid peer certificate: UnknownIssuer", "unknown-ca", false],
    [
      "invalid peer certificate: certificate expired: not valid after 1700000000",
      "certificate-expired",
      false,
    ],
    ["invalid peer certificate: NotValidForName", "other-name", false],
    ["invalid peer certificate: certificate not valid yet", "certificate-not-yet-valid", false],
    ["received corrupt message of type InvalidContentType", "protocol", false],
    ["connection closed before message completed", "unreachable", false],
    ["no route to host", "unreachable", false],
  ];
  for (const [text, problem, unsent] of cases) {
    const error = failure(text);
    assert.equal(error.problem, problem, text);
    assert.equal(error.unsent, unsent, text);
    assert.ok(error.remedy !== undefined && error.remedy.length > 10);
  }
  assert.match(
    failure("not valid after 1700000000").message,
    /expired \(at 2023-11-14T22:13:20Z\)/,
  );
});
