import assert from "node:assert/strict";
import { StatusError } from "../../../lib/core/status_error.ts";
import { json, status, withFakeApi } from "../fake_api.ts";

const vault = { namespace: "vault", name: "vault-0", port: 8200, scheme: "https" } as const;
const { signal } = new AbortController();

Deno.test("proxy() hands a request with its headers to a pod's port", () =>
  withFakeApi(() => json({ sealed: false }), async ({ client, api }) => {
    const answer = await client.proxy(vault, {
      method: "PUT",
      path: "/v1/sys/unseal?x=1",
      headers: { "x-vault-token": "t0ken" },
      body: "{}",
      signal,
    });
    assert.deepEqual(await new Response(answer.body).json(), { sealed: false });
    const [request] = api.requests;
    assert.equal(request!.method, "PUT");
    assert.equal(
      decodeURIComponent(request!.path),
      "/api/v1/namespaces/vault/pods/https:vault-0:8200/proxy/v1/sys/unseal",
    );
    assert.equal(request!.query.get("x"), "1");
    assert.equal(request!.headers.get("x-vault-token"), "t0ken");
    assert.equal(request!.body, "{}");
  }));

Deno.test("proxy() takes whatever the pod answers for an answer", () =>
  withFakeApi(
    () => new Response('{"errors":["Vault is sealed"]}', { status: 503 }),
    async ({ client }) => {
      const answer = await client.proxy(vault, { method: "GET", path: "/v1/sys/mounts", signal });
      assert.equal(answer.status, 503);
      assert.equal(await new Response(answer.body).text(), '{"errors":["Vault is sealed"]}');
    },
  ));

Deno.test("proxy() throws what the API server itself refuses", () =>
  withFakeApi(
    () => status(403, "Forbidden", { message: 'User "ana" cannot create resource "pods/proxy"' }),
    ({ client }) =>
      assert.rejects(
        client.proxy(vault, { method: "GET", path: "/", signal }),
        (error) => error instanceof StatusError && error.reason === "Forbidden",
      ),
  ));

Deno.test("proxy() hands a request to a service by the name of its port", () =>
  withFakeApi(() => json({}), async ({ client, api }) => {
    const service = { kind: "Service", namespace: "kube-system", name: "sealer" } as const;
    for (const port of ["http", ""]) {
      const answer = await client.proxy({ ...service, port }, {
        method: "POST",
        path: "/v1/verify",
        signal,
      });
      await answer.body.cancel();
    }
    assert.deepEqual(
      api.requests.map(({ method, path }) => [method, decodeURIComponent(path)]),
      ["http:sealer:http", "http:sealer:"].map((target) => [
        "POST",
        `/api/v1/namespaces/kube-system/services/${target}/proxy/v1/verify`,
      ]),
    );
  }));
