import assert from "node:assert/strict";
import type { ClusterClient, ListQuery } from "../../lib/core/cluster.ts";
import { TimedOut } from "../../lib/core/errors.ts";
import { readLive } from "../../lib/kube/live.ts";

Deno.test("when all lists fail, readLive() throws one of the failures, and none goes unhandled", async () => {
  const late = Promise.withResolvers<void>();
  const client = {
    resourceType: () => Promise.resolve({}),
    async list({ kind }: ListQuery) {
      if (kind === "Namespace") await late.promise;
      throw new TimedOut(`no answer yet to: list ${kind}`);
    },
  } as unknown as ClusterClient;
  const manifests = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }];
  const reading = readLive(client, manifests, "shop.test", { concurrency: 2, known: [] });
  await assert.rejects(reading, { message: "no answer yet to: list ConfigMap" });
  late.resolve();
  await new Promise((resolve) => setTimeout(resolve));
});
