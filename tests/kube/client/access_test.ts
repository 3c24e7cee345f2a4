import assert from "node:assert/strict";
import { createRedactor } from "../../../lib/core/redact.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { json, status, withFakeApi } from "../fake_api.ts";

const pod = { namespace: "shop", name: "web-1" };

Deno.test("evict() asks for an eviction", () =>
  withFakeApi(() => json({ kind: "Status", status: "Success" }), async ({ client, api }) => {
    await client.evict(pod, { dryRun: true });
    const [request] = api.requests;
    assert.equal(request!.path, "/api/v1/namespaces/shop/pods/web-1/eviction");
    assert.equal(request!.query.get("dryRun"), "All");
    assert.deepEqual(JSON.parse(request!.body), {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: pod,
    });
  }));

Deno.test("evict() does not wait for a PodDisruptionBudget, and says what to do", () =>
  withFakeApi(
    () =>
      status(429, "TooManyRequests", {
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [{ reason: "DisruptionBudget", message: "needs 3 healthy pods and has 3" }],
          retryAfterSeconds: 10,
        },
      }),
    async ({ client, api }) => {
      await assert.rejects(client.evict(pod), (error) => {
        assert.ok(error instanceof StatusError);
        assert.match(error.message, /needs 3 healthy pods and has 3/);
        assert.match(error.remedy!, /spare ready pods/);
        return true;
      });
      assert.equal(api.requests.length, 1);
    },
  ));

Deno.test("requestToken() returns the token, and hides it from then on", async () => {
  const redactor = createRedactor();
  await withFakeApi(
    () => json({ status: { token: "tok.en.value", expirationTimestamp: "2026-11-21T10:00:00Z" } }),
    async ({ client, api }) => {
      const options = { audiences: ["vault"], expirationSeconds: 600 };
      assert.deepEqual(await client.requestToken({ namespace: "shop", name: "web" }, options), {
        token: "tok.en.value",
        expiresAt: "2026-11-21T10:00:00Z",
      });
      assert.equal(api.requests[0]!.path, "/api/v1/namespaces/shop/serviceaccounts/web/token");
      assert.deepEqual(JSON.parse(api.requests[0]!.body).spec, options);
      assert.ok(!redactor.redact("it is tok.en.value").includes("tok.en.value"));
    },
    { redactor },
  );
});

Deno.test("mayI() asks the server and believes it", () =>
  withFakeApi(
    ({ body }) =>
      json({ status: { allowed: JSON.parse(body).spec.resourceAttributes.verb === "get" } }),
    async ({ client, api }) => {
      const question = { verb: "get", group: "apps", resource: "deployments", namespace: "shop" };
      assert.equal(await client.mayI(question), true);
      assert.equal(await client.mayI({ ...question, verb: "delete" }), false);
      assert.deepEqual(JSON.parse(api.requests[0]!.body).spec.resourceAttributes, question);
    },
  ));

Deno.test("logs() reads a container's previous log as text", () =>
  withFakeApi(() => new Response("missing DB_URL\n"), async ({ client, api }) => {
    const options = { container: "web", tailLines: 20, previous: true };
    assert.equal(await client.logs(pod, options), "missing DB_URL\n");
    assert.equal(
      api.requests[0]!.query.toString(),
      "container=web&tailLines=20&previous=true",
    );
    await client.logs(pod);
    assert.equal(api.requests[1]!.query.toString(), "");
  }));
