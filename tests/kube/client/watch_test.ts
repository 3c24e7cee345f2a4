import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { WatchEvent } from "../../../lib/core/cluster.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { KindNotServed } from "../../../lib/kube/client/kind_not_served.ts";
import type { ClientOptions } from "../../../lib/kube/client/client.ts";
import {
  configMap,
  type FakeRequest,
  type FakeWorld,
  json,
  status,
  watchAnswer,
  withFakeApi,
} from "../fake_api.ts";

const query = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop" };
const quick: Partial<ClientOptions> = { watch: { firstDelayMs: 1, random: () => 0.5 } };

Deno.test("watch() tells what exists, then synced, then changes", () => {
  const stream = watchAnswer();
  return watching(
    [listOf("5", configMap("a", "3"))],
    [() => stream.response],
    async ({ next, api }) => {
      assert.equal(await next(), "added a@3");
      assert.equal(await next(), "synced");
      stream.send("MODIFIED", configMap("a", "6"));
      stream.send("ADDED", configMap("b", "7"));
      stream.send("DELETED", configMap("a", "8"));
      assert.equal(await next(), "modified a@6");
      assert.equal(await next(), "added b@7");
      assert.equal(await next(), "deleted a@8");
      const [, watch] = api.requests;
      assert.equal(watch!.query.get("resourceVersion"), "5");
      assert.equal(watch!.query.get("allowWatchBookmarks"), "true");
      assert.equal(watch!.query.get("timeoutSeconds"), "300");
    },
  );
});

Deno.test("watch() goes on from the last bookmark when the server ends the stream", () => {
  const first = watchAnswer();
  const second = watchAnswer();
  return watching(
    [listOf("5")],
    [() => first.response, () => second.response],
    async ({ next, watches }) => {
      assert.equal(await next(), "synced");
      first.send("BOOKMARK", { metadata: { resourceVersion: "90" } });
      first.end();
      second.send("ADDED", configMap("a", "91"));
      assert.equal(await next(), "added a@91");
      assert.deepEqual(watches().map((query) => query.get("resourceVersion")), ["5", "90"]);
    },
  );
});

Deno.test("watch() drops a line that was cut, and reads it from the next stream", () => {
  const first = watchAnswer();
  const second = watchAnswer();
  return watching(
    [listOf("5")],
    [() => first.response, () => second.response],
    async ({ next }) => {
      assert.equal(await next(), "synced");
      first.send("ADDED", configMap("a", "6"));
      assert.equal(await next(), "added a@6");
      first.sendText('{"type":"ADDED","object":{"metadata":{"na');
      first.end();
      second.send("ADDED", configMap("b", "7"));
      assert.equal(await next(), "added b@7");
    },
  );
});

Deno.test("watch() lists again after 410 in the stream, and tells only the difference", () => {
  const first = watchAnswer();
  const second = watchAnswer();
  const lists = [
    listOf("5", configMap("same", "1"), configMap("changed", "2"), configMap("gone", "3")),
    listOf("50", configMap("same", "1"), configMap("changed", "40"), configMap("new", "41")),
  ];
  return watching(
    lists,
    [() => first.response, () => second.response],
    async ({ next, watches }) => {
      for (let i = 0; i < 4; i++) await next();
      first.send("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" });
      assert.equal(await next(), "deleted gone@3");
      assert.equal(await next(), "modified changed@40");
      assert.equal(await next(), "added new@41");
      second.send("DELETED", configMap("new", "51"));
      assert.equal(await next(), "deleted new@51");
      assert.equal(watches()[1]!.get("resourceVersion"), "50");
    },
  );
});

Deno.test("watch() lists again when the server refuses the resourceVersion at once", () => {
  const second = watchAnswer();
  return watching(
    [listOf("5"), listOf("9", configMap("a", "8"))],
    [() => status(410, "Expired"), () => second.response],
    async ({ next }) => {
      assert.equal(await next(), "synced");
      assert.equal(await next(), "added a@8");
    },
  );
});

Deno.test("watch() survives a server that fails for a while", () => {
  const back = watchAnswer();
  return watching(
    [listOf("5")],
    [
      () => status(503, "ServiceUnavailable"),
      () => status(429, "TooManyRequests"),
      () => back.response,
    ],
    async ({ next, watches }) => {
      assert.equal(await next(), "synced");
      back.send("ADDED", configMap("a", "6"));
      assert.equal(await next(), "added a@6");
      assert.equal(watches().length, 3);
    },
  );
});

Deno.test("watch() opens a new stream when the old one is silent", () => {
  const silent = watchAnswer();
  const second = watchAnswer();
  return watching(
    [listOf("5")],
    [() => silent.response, () => second.response],
    async ({ next }) => {
      assert.equal(await next(), "synced");
      second.send("ADDED", configMap("a", "6"));
      assert.equal(await next(), "added a@6");
    },
    { watch: { firstDelayMs: 1, idleMs: 40 } },
  );
});

Deno.test("watch() fails for good when the right to watch is missing", () =>
  watching([listOf("5")], [() => status(403, "Forbidden")], async ({ next }) => {
    assert.equal(await next(), "synced");
    await assert.rejects(
      next(),
      (error) =>
        error instanceof StatusError && /^Cannot watch ConfigMap in shop/.test(error.message),
    );
  }));

Deno.test("watch() fails when its first list fails", () =>
  watching([() => status(403, "Forbidden")], [], async ({ next }) => {
    await assert.rejects(
      next(),
      (error) =>
        error instanceof StatusError && /^Cannot list ConfigMap in shop/.test(error.message),
    );
  }));

Deno.test("watch() names the kind when its CRD goes away", () =>
  watching(
    [listOf("5")],
    [() => new Response("404 page not found\n", { status: 404 })],
    async ({ next }) => {
      assert.equal(await next(), "synced");
      await assert.rejects(next(), KindNotServed);
    },
  ));

Deno.test("watch() gives up when the server stays away too long", () =>
  watching(
    [listOf("5")],
    Array.from({ length: 50 }, () => () => status(503, "ServiceUnavailable", { message: "down" })),
    async ({ next }) => {
      assert.equal(await next(), "synced");
      await assert.rejects(next(), /Cannot watch ConfigMap in shop: down \(HTTP 503\)/);
    },
    { watch: { firstDelayMs: 1, giveUpMs: 3 } },
  ));

Deno.test("watch() ends without an error when it is aborted while it waits for events", () => {
  const stream = watchAnswer();
  return watching([listOf("5")], [() => stream.response], async ({ next, stop }) => {
    assert.equal(await next(), "synced");
    const ended = next();
    stop();
    assert.equal(await ended, "end");
  });
});

Deno.test("watch() still ends when garbage was collected while it waited", () => {
  const stream = watchAnswer();
  return watching([listOf("5")], [() => stream.response], async ({ next, stop }) => {
    assert.equal(await next(), "synced");
    stream.send("ADDED", configMap("a", "6"));
    assert.equal(await next(), "added a@6");
    const ended = next();
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    stop();
    assert.equal(await ended, "end");
  });
});

Deno.test("watch() ends without an error when its client closes", () => {
  const stream = watchAnswer();
  return watching([listOf("5")], [() => stream.response], async ({ next, client }) => {
    assert.equal(await next(), "synced");
    const ended = next();
    client.close();
    assert.equal(await ended, "end");
  });
});

/** fetch loses its signal when its Response is collected, so a test has to collect. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

/** What a test of watch() works with. */
interface Watching extends FakeWorld {
  /** The next event in short, or "end". */
  next(): Promise<string>;
  /** Abort the watch. */
  stop(): void;
  /** Queries of the watches that were opened. */
  watches(): URLSearchParams[];
}

function listOf(resourceVersion: string, ...items: unknown[]): () => Response {
  return () => json({ metadata: { resourceVersion }, items });
}

/** Runs a test against a server whose lists and watches are answered in turn; watches beyond those stay open. */
async function watching(
  lists: (() => Response)[],
  streams: (() => Response)[],
  test: (world: Watching) => Promise<void>,
  options: Partial<ClientOptions> = quick,
): Promise<void> {
  const isWatch = ({ query }: FakeRequest) => query.has("watch");
  const handler = (request: FakeRequest) => {
    if (!request.path.endsWith("/configmaps")) return undefined;
    return isWatch(request) ? streams.shift()?.() ?? watchAnswer().response : lists.shift()?.();
  };
  await withFakeApi(handler, async (world) => {
    const controller = new AbortController();
    const events = world.client.watch(query, { signal: controller.signal })[Symbol.asyncIterator]();
    await test({
      ...world,
      stop: () => controller.abort(),
      watches: () => world.api.requests.filter(isWatch).map(({ query }) => query),
      async next() {
        const { done, value } = await events.next();
        return done ? "end" : inShort(value);
      },
    });
    await events.return?.();
  }, options);
}

function inShort(event: WatchEvent): string {
  if (event.type === "synced") return "synced";
  const { name, resourceVersion } = event.object.metadata;
  return `${event.type} ${name}@${resourceVersion}`;
}
