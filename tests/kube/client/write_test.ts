import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { KindNotServed } from "../../../lib/kube/client/kind_not_served.ts";
import { ConnectionFailed } from "../../../lib/kube/client/connection_error.ts";
import { configMap, json, status, withFakeApi } from "../fake_api.ts";

const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "a" };
const objectPath = "/api/v1/namespaces/shop/configmaps/a";
const echo = ({ path }: { path: string }) =>
  path.startsWith("/api/") ? json(configMap("a", "1")) : undefined;

Deno.test("apply() is a strict server-side apply by our manager", () =>
  withFakeApi(echo, async ({ client, api }) => {
    assert.deepEqual(await client.apply(configMap("a")), configMap("a", "1"));
    const [request] = api.requests;
    assert.equal(request!.method, "PATCH");
    assert.equal(request!.path, objectPath);
    assert.equal(request!.headers.get("content-type"), "application/apply-patch+yaml");
    assert.equal(request!.query.toString(), "fieldManager=slipway&fieldValidation=Strict");
    assert.deepEqual(JSON.parse(request!.body), configMap("a"));
  }));

Deno.test("apply() passes force, dry run and another manager on", () =>
  withFakeApi(echo, async ({ client, api }) => {
    await client.apply(configMap("a"), {
      force: true,
      dryRun: true,
      fieldManager: "slipway-hands",
    });
    assert.equal(
      api.requests[0]!.query.toString(),
      "fieldManager=slipway-hands&fieldValidation=Strict&force=true&dryRun=All",
    );
  }));

Deno.test("apply() does not repeat a conflict over fields, and tells its causes", () =>
  withFakeApi(
    ({ path }) =>
      path === objectPath
        ? status(409, "Conflict", {
          message: 'conflict with "kubectl-edit"',
          details: { causes: [{ reason: "FieldManagerConflict", field: ".data.v" }] },
        })
        : undefined,
    async ({ client, api }) => {
      await assert.rejects(client.apply(configMap("a")), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.reason, "Conflict");
        assert.equal(error.status.details?.causes?.[0]?.field, ".data.v");
        assert.equal(
          error.message,
          'Cannot apply ConfigMap shop/a: conflict with "kubectl-edit" (HTTP 409)',
        );
        return true;
      });
      assert.equal(api.requests.length, 1);
    },
  ));

Deno.test("apply() goes again when another writer was faster", () => {
  let tries = 0;
  return withFakeApi(
    ({ path }) =>
      path !== objectPath
        ? undefined
        : ++tries === 1
        ? status(409, "Conflict", { message: "the object has been modified" })
        : json(configMap("a", "2")),
    async ({ client }) => {
      assert.equal((await client.apply(configMap("a"))).metadata.resourceVersion, "2");
      assert.equal(tries, 2);
    },
  );
});

Deno.test("a refused Secret is not shown, neither what was sent nor what is live", () => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "shop" },
    stringData: { password: "hunter2-password", pin: 12345 },
  };
  const quoted = JSON.stringify(JSON.stringify({ kind: "Secret", data: { live: "bGl2ZQ==" } }));
  return withFakeApi(
    ({ path }) =>
      path.endsWith("/secrets/db")
        ? status(422, "Invalid", {
          message:
            `got &value{Value:12345} and hunter2-password; "" is invalid: patch: Invalid value: ${quoted}: unknown field`,
        })
        : undefined,
    async ({ client }) => {
      await assert.rejects(client.apply(secret as unknown as KubeObject), (error) => {
        assert.ok(error instanceof StatusError);
        assert.doesNotMatch(error.message, /12345|hunter2|bGl2ZQ/);
        assert.match(error.message, /Invalid value: \(the whole object\): unknown field/);
        assert.match(error.message, /apply Secret shop\/db/);
        return true;
      });
    },
  );
});

Deno.test("fields that do not fit the schema are the manifest's fault, though the server answers 500", () =>
  withFakeApi(
    ({ path }) =>
      path === objectPath
        ? status(500, "", {
          message:
            "failed to create typed patch object (shop/a; /v1, Kind=ConfigMap): .dataa: field not declared in schema",
        })
        : undefined,
    async ({ client, api }) => {
      await assert.rejects(
        client.apply(configMap("a")),
        (error) =>
          error instanceof StatusError && !error.retryable &&
          error.remedy === "mend the manifest at that field",
      );
      assert.equal(api.requests.length, 1);
    },
  ));

Deno.test("create() posts to the collection, once", () =>
  withFakeApi(
    ({ path }) =>
      path === "/api/v1/namespaces/shop/configmaps" ? status(503, "ServiceUnavailable") : undefined,
    async ({ client, api }) => {
      await assert.rejects(client.create(configMap("a")), StatusError);
      assert.deepEqual(api.requests.map(({ method }) => method), ["POST"]);
    },
  ));

Deno.test("create() goes again after 429, which says that nothing was done", () => {
  let tries = 0;
  return withFakeApi(
    ({ path }) =>
      path.endsWith("/configmaps")
        ? ++tries === 1
          ? status(429, "TooManyRequests", { headers: { "retry-after": "3" } })
          : json(configMap("a", "1"))
        : undefined,
    async ({ client, waits }) => {
      await client.create(configMap("a"));
      assert.deepEqual(waits, [3_000]);
    },
  );
});

Deno.test("replace() puts the object with its resourceVersion", () =>
  withFakeApi(echo, async ({ client, api }) => {
    await client.replace(configMap("a", "5"));
    assert.equal(api.requests[0]!.method, "PUT");
    assert.equal(JSON.parse(api.requests[0]!.body).metadata.resourceVersion, "5");
  }));

Deno.test("patch() sends each type and subresource as the API wants it", () =>
  withFakeApi(echo, async ({ client, api }) => {
    await client.patch(ref, { data: { a: "1" } });
    await client.patch(ref, [{ op: "remove", path: "/data" }], {
      type: "json",
      subresource: "status",
    });
    assert.deepEqual(
      api.requests.map(({ path, headers, body }) => [path, headers.get("content-type"), body]),
      [
        [objectPath, "application/merge-patch+json", '{"data":{"a":"1"}}'],
        [
          `${objectPath}/status`,
          "application/json-patch+json",
          '[{"op":"remove","path":"/data"}]',
        ],
      ],
    );
  }));

Deno.test("delete() carries preconditions and propagation, and is false where nothing was", () =>
  withFakeApi(
    ({ path }) =>
      path === objectPath
        ? json({ kind: "Status", status: "Success" })
        : path.endsWith("/gone")
        ? status(404, "NotFound", { details: { name: "gone" } })
        : undefined,
    async ({ client, api }) => {
      assert.equal(await client.delete(ref, { uid: "u1", propagation: "Foreground" }), true);
      assert.deepEqual(JSON.parse(api.requests[0]!.body), {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Foreground",
        preconditions: { uid: "u1" },
      });
      assert.equal(await client.delete({ ...ref, name: "gone" }), false);
      await assert.rejects(client.delete({ ...ref, name: "no-status" }), KindNotServed);
    },
  ));

Deno.test("a delete whose precondition fails is a conflict", () =>
  withFakeApi(
    ({ path }) =>
      path === objectPath
        ? status(409, "Conflict", { message: "the UID in the precondition" })
        : undefined,
    async ({ client, api }) => {
      await assert.rejects(
        client.delete(ref, { uid: "other" }),
        (error) => error instanceof StatusError && error.reason === "Conflict",
      );
      assert.equal(api.requests.length, 1);
    },
  ));

Deno.test("an unguarded delete is not sent twice when its answer was lost", async () => {
  const seen = await countTriesAgainstBrokenServer((client) => client.delete(ref));
  assert.equal(seen, 1);
});

Deno.test("a guarded delete and an apply are sent again when their answer was lost", async () => {
  assert.equal(
    await countTriesAgainstBrokenServer((client) => client.delete(ref, { uid: "u" })),
    6,
  );
  assert.equal(await countTriesAgainstBrokenServer((client) => client.apply(configMap("a"))), 6);
});

/** How often a request arrives at a server that answers discovery, and breaks each other connection off. */
async function countTriesAgainstBrokenServer(
  request: (client: Parameters<Parameters<typeof withFakeApi>[1]>[0]["client"]) => Promise<unknown>,
): Promise<number> {
  let tries = 0;
  await withFakeApi(
    ({ path }) => {
      if (!path.startsWith("/api/")) return undefined;
      tries++;
      const body = new ReadableStream({ start: (controller) => controller.close() });
      return new Response(body, { headers: { "content-length": "100" } });
    },
    async ({ client }) => {
      await assert.rejects(request(client), (error) => {
        assert.ok(error instanceof ConnectionFailed, String(error));
        assert.equal(error.problem, "closed");
        assert.equal(error.retryable, true);
        return true;
      });
    },
  );
  return tries;
}
