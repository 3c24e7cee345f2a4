import assert from "node:assert/strict";
import type { ClusterClient, WatchEvent } from "../../lib/core/cluster.ts";
import type { KubeObject } from "../../lib/core/object.ts";
import { waitForLine } from "../../lib/local/log_line.ts";
import { notReadyBecause, waitForNodes } from "../../lib/local/nodes_ready.ts";
import { failingChecks } from "../../lib/local/probe.ts";
import { inScratch } from "./scratch.ts";

function node(name: string, ready?: string, taint?: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: taint === undefined ? {} : { taints: [{ key: taint, effect: "NoSchedule" }] },
    status: ready === undefined
      ? {}
      : { conditions: [{ type: "Ready", status: ready, reason: "NodeStatusUnknown" }] },
  };
}

Deno.test("a node is ready once it says so and the controller manager has seen it", () => {
  assert.equal(notReadyBecause(node("a", "True")), undefined);
  assert.equal(notReadyBecause(node("a")), "kwok has not taken it over yet");
  assert.equal(notReadyBecause(node("a", "Unknown")), "NodeStatusUnknown");
  assert.equal(
    notReadyBecause(node("a", "True", "node.kubernetes.io/not-ready")),
    "it still has the taint node.kubernetes.io/not-ready",
  );
  assert.equal(notReadyBecause(node("a", "True", "example.com/gpu")), undefined);
});

function watching(events: WatchEvent[], then?: () => void): ClusterClient {
  return {
    async *watch(_query: unknown, { signal }: { signal: AbortSignal }) {
      yield* events;
      then?.();
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }
    },
  } as Partial<ClusterClient> as ClusterClient;
}

Deno.test("waiting for nodes ends with the last of them, and others do not count", async () => {
  const told: string[][] = [];
  await waitForNodes(
    watching([
      { type: "added", object: node("a", "True") },
      { type: "added", object: node("z") },
      { type: "synced" },
      { type: "added", object: node("b") },
      { type: "deleted", object: node("a", "True") },
      { type: "modified", object: node("b", "True") },
      { type: "added", object: node("a", "True") },
    ]),
    ["a", "b"],
    {
      signal: new AbortController().signal,
      waiting: (causes) => told.push([...causes].map((cause) => cause.join(": "))),
    },
  );
  assert.deepEqual(told, [
    ["b: it is not there yet"],
    ["b: kwok has not taken it over yet"],
    ["b: kwok has not taken it over yet", "a: it was deleted"],
    ["a: it was deleted"],
    [],
  ]);
});

Deno.test("waiting for nodes that never come ends with the signal's reason", async () => {
  const ending = new AbortController();
  await assert.rejects(
    waitForNodes(watching([{ type: "synced" }], () => ending.abort(new Error("too late"))), ["a"], {
      signal: ending.signal,
      waiting: () => {},
    }),
    /too late/,
  );
});

Deno.test("of the API server's checks only those are named that fail", () => {
  const text =
    "[+]ping ok\n[-]etcd failed: reason withheld\n[-]poststarthook/rbac failed\nreadyz check failed\n";
  assert.equal(failingChecks(text), "these checks fail: etcd, poststarthook/rbac");
  assert.equal(failingChecks("[+]ping ok\n"), undefined);
});

Deno.test("a line counts once it is whole, and only behind what was there before", () =>
  inScratch(async (folder) => {
    const path = `${folder}/log`;
    await Deno.writeTextFile(path, "ready\n");
    const signal = new AbortController().signal;
    await waitForLine(path, "ready", { offset: 0, signal });
    let seen = false;
    const waiting = waitForLine(path, "ready", { offset: 6, signal }).then(() => seen = true);
    await Deno.writeTextFile(path, "not ready\n", { append: true });
    assert.equal(seen, false);
    await Deno.writeTextFile(path, "ready\n", { append: true });
    await waiting;
  }));

Deno.test("waiting for a line ends when it is interrupted", () =>
  inScratch(async (folder) => {
    await Deno.writeTextFile(`${folder}/log`, "");
    const ending = new AbortController();
    const waiting = waitForLine(`${folder}/log`, "ready", { offset: 0, signal: ending.signal });
    ending.abort(new Error("stop"));
    await assert.rejects(waiting, /stop/);
  }));
