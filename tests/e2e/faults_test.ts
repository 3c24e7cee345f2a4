import assert from "node:assert/strict";
import { controlPlanePrograms } from "../../lib/local/programs/control_plane.ts";
import { hostPlatform } from "../../lib/local/programs/program.ts";
import { startUpstream } from "../local/upstream.ts";
import {
  clusterName,
  type FaultGround,
  onCluster,
  starts,
  withFaultGround,
} from "./fault_ground.ts";
import {
  claimFor,
  dataOf,
  denoFolder,
  deployment,
  expiredKubeconfig,
  type FaultyRun,
  holdLease,
  holdReplicas,
  isAvailable,
  keep,
  leaseRef,
  leavingObjects,
  oldDefinition,
  refTo,
  replicasOf,
  services,
  servicesOf,
  simulate,
  smallDisk,
  throughProxy,
  until,
  untilEstablished,
  untilGone,
  volumes,
  withSecrets,
} from "./fault_means.ts";
import { type JsonLine, summaryOf, type TaskOutcome } from "./task.ts";

/** How a run ended, and what it left. */
interface FaultyEnd extends TaskOutcome {
  /** Objects that it wrote, by the API server's audit log. */
  writes: string[];
  /** How long it took, in milliseconds. */
  durationMs: number;
}

/** A row of the table. */
interface Fault {
  /** What goes wrong. */
  fault: string;
  /** Set it up. */
  arrange: (ground: FaultGround) => Promise<FaultyRun>;
  /** Exit code of the run. */
  exitCode: number;
  /** What the error says of the cause; without it the run must go on as if nothing were. */
  message?: RegExp;
  /** What the error says can be done. */
  remedy?: RegExp;
  /** All that a person reads of it on standard error, word by word. */
  reads?: (ground: FaultGround) => string[];
  /** What holds afterwards, in words. */
  then: string;
  /** And whether it does. */
  holds: (ground: FaultGround, end: FaultyEnd) => Promise<void> | void;
  /** Why this machine cannot have the fault, if it cannot. */
  skip?: () => string | undefined;
}

function nothingWritten(_: FaultGround, { writes }: FaultyEnd): void {
  assert.deepEqual(writes, []);
}

/** Run the same again, and then once more to see that there is nothing left to do. */
async function convergesWith(ground: FaultGround, task: string, file: string): Promise<void> {
  const again = await ground.run(onCluster(task, file));
  assert.equal(again.code, 0, again.stderr);
  const { created, configured, failed } = await ground.applied(file);
  assert.deepEqual({ created, configured, failed }, { created: 0, configured: 0, failed: 0 });
}

/** What goes wrong, how it ends, and what holds afterwards. The last row takes the cluster away. */
const faults: readonly Fault[] = [
  {
    fault: "the API server is killed in the middle",
    async arrange(ground) {
      const file = await ground.shop("killed", { externalServices: services("killed", 60) });
      const pid = await ground.serverPid();
      const isTime = starts("Apply configuration");
      return {
        args: onCluster("apply", file),
        options: { onLine: (line) => isTime(line) && Deno.kill(pid, "SIGKILL") },
      };
    },
    exitCode: 1,
    message: /^Cannot \w+ .* at https:\/\/127\.0\.0\.1:\d+: the connection was (refused|closed)/,
    remedy: /check that the API server runs/,
    then: "bootstrap starts the API server again and converges",
    holds: (ground) => convergesWith(ground, "bootstrap", `${ground.folder}/killed.yaml`),
  },
  {
    fault: "the API server falls silent in the middle",
    async arrange(ground) {
      const file = await ground.shop("silent", { externalServices: services("silent", 60) });
      const pid = await ground.serverPid();
      const isTime = starts("Apply configuration");
      return {
        args: onCluster("apply", file, "--timeout", "12s"),
        options: { onLine: (line) => isTime(line) && Deno.kill(pid, "SIGSTOP") },
        end: () => Deno.kill(pid, "SIGCONT"),
      };
    },
    exitCode: 4,
    message:
      /^Not done after 12\.0 s, the time that --timeout gives: no answer yet to: \w+ .*, at https:/,
    remedy:
      /check that the API server answers, or allow more time, then run the same command again/,
    then: "the run ends soon after its time, and a re-run converges",
    async holds(ground, { durationMs }) {
      assert.ok(durationMs < 20_000, `${durationMs} ms`);
      await convergesWith(ground, "apply", `${ground.folder}/silent.yaml`);
    },
  },
  {
    fault: "the definition of a kind is of an older operator, which does not serve the version",
    async arrange(ground) {
      const { client } = ground;
      await client.apply(oldDefinition, { fieldManager: "helm" });
      await untilEstablished(ground, oldDefinition.metadata.name);
      return { args: onCluster("apply", await ground.shop("older", withSecrets("older"))) };
    },
    exitCode: 1,
    message:
      /ExternalSecret older\/db: the server does not serve ExternalSecret of external-secrets\.io\/v1; of this group it serves external-secrets\.io\/v1alpha1$/m,
    remedy: /upgrade what serves the group/,
    then: "nothing is written, and the definition is left as its operator brought it",
    async holds(ground, end) {
      const live = await ground.client.get(refTo(oldDefinition));
      await ground.client.delete(refTo(oldDefinition));
      // A definition that is still going refuses the next one of its name.
      await until(ground, refTo(oldDefinition), (object) => object === undefined);
      nothingWritten(ground, end);
      const { versions } = live?.["spec"] as { versions: { name: string }[] };
      assert.deepEqual(versions.map(({ name }) => name), ["v1alpha1"]);
    },
  },
  {
    fault: "a Secret is missing, since nobody delivers it",
    async arrange(ground) {
      const file = await ground.shop("secretless", withSecrets("secretless"));
      const { kubeconfigPath } = ground.cluster;
      const args = ["apply", "--kubeconfig", kubeconfigPath, "--platform", file, "--yes", "--json"];
      // The definitions first, so that their time is not the wait's.
      const defined = await ground.run([...args, "--no-wait"]);
      assert.equal(defined.code, 0, defined.stderr);
      return { args: [...args, "--timeout", "10s"] };
    },
    exitCode: 4,
    message: /Deployment secretless\/web: 0\/1 ready: pod web-\S+ .*secret "db" not found/i,
    remedy: /create what the container refers to, or mend the reference/,
    then: "the Secret that comes later makes the workload ready",
    async holds(ground) {
      await ground.client.create({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "db", namespace: "secretless" },
        data: { DB_URL: btoa("postgres://db") },
      });
      await until(ground, deployment("secretless"), isAvailable);
    },
  },
  {
    fault: "every third request is answered with 429",
    arrange: (ground) =>
      throughProxy(ground, "throttled", ({ index }) => index % 3 === 2 ? "refuse" : "pass"),
    exitCode: 0,
    then: "Retry-After is honoured, and everything is ready",
    async holds(ground, { durationMs }) {
      assert.ok(durationMs > 1_000, "nobody waited");
      assert.equal(await replicasOf(ground, "throttled"), 1);
    },
  },
  {
    fault: "every request is answered with 429",
    arrange: (ground) => throughProxy(ground, "refused", () => "refuse", "--timeout", "3s"),
    exitCode: 4,
    message: /^Not done after 3\.0 s.*Too many requests.*\(HTTP 429\)/,
    remedy: /overloaded/,
    then: "nothing is written",
    holds: nothingWritten,
  },
  {
    fault: "each watch breaks off in the middle of its first event",
    async arrange(ground) {
      const cut = new Set<string>();
      return await throughProxy(ground, "dropped", ({ isWatch, path }) => {
        if (!isWatch || cut.has(path)) return "pass";
        cut.add(path);
        return "cut";
      });
    },
    exitCode: 0,
    then: "the wait goes on where it was, and everything is ready",
    async holds(ground, { lines }) {
      assert.equal(await replicasOf(ground, "dropped"), 1);
      assert.ok(
        lines.some(({ subject, state }) =>
          subject === "Deployment dropped/web" && state === "ready"
        ),
      );
    },
  },
  {
    fault: "another controller holds a field",
    async arrange(ground) {
      const file = await ground.shop("conflict");
      await ground.applied(file);
      await holdReplicas(ground, "conflict", "argocd-controller");
      return { args: onCluster("apply", file) };
    },
    exitCode: 1,
    message: /Deployment conflict\/web: argocd-controller holds \.spec\.replicas$/m,
    remedy: /--take-over/,
    reads: () => [
      "error: Cannot apply conflict.test: 1 of 4 objects cannot be applied, and nothing was changed",
      "  Deployment conflict/web: argocd-controller holds .spec.replicas",
      "  remedy: stop that manager from setting these fields, drop them from the platform, or take them over with --take-over",
    ],
    then: "nothing is written",
    async holds(ground, end) {
      nothingWritten(ground, end);
      assert.equal(await replicasOf(ground, "conflict"), 5);
    },
  },
  {
    fault: "another controller holds a field, and --take-over is given",
    arrange: (ground) =>
      Promise.resolve({
        args: onCluster("apply", `${ground.folder}/conflict.yaml`, "--take-over"),
      }),
    exitCode: 0,
    then: "the field is ours",
    holds: async (ground) => assert.equal(await replicasOf(ground, "conflict"), 1),
  },
  {
    fault: "a field was edited by hand, and diff is asked",
    async arrange(ground) {
      const file = await ground.shop("edited");
      await ground.applied(file);
      const patch = { spec: { replicas: 3 } };
      await ground.client.patch(deployment("edited"), patch, { fieldManager: "kubectl-edit" });
      return { args: onCluster("diff", file) };
    },
    exitCode: 5,
    then: "diff shows the field and who holds it, and apply puts it right",
    async holds(ground, end) {
      nothingWritten(ground, end);
      const change = end.lines.find(({ subject, action }) =>
        subject === "Deployment edited/web" && action === "configured"
      );
      assert.match(String(change?.["because"]), /kubectl-edit holds \.spec\.replicas/);
      assert.match(String(change?.["diff"]), /spec\.replicas.*3.*1/);
      await ground.applied(`${ground.folder}/edited.yaml`);
      assert.equal(await replicasOf(ground, "edited"), 1);
    },
  },
  {
    fault: "one of fifty-four objects is invalid",
    async arrange(ground) {
      const address = (index: number) => index === 13 ? "127.0.0.1" : `10.0.0.${index}`;
      const file = await ground.shop("invalid", {
        externalServices: services("invalid", 25, address),
      });
      return { args: onCluster("apply", file) };
    },
    exitCode: 1,
    message:
      /1 of 54 objects cannot be applied, and nothing was changed\n {2}EndpointSlice invalid\/db-13-external: endpoints\[0\]\.addresses\[0\]: Invalid value: "127\.0\.0\.1": may not be in the loopback range/,
    remedy: /correct these values in the platform file/,
    reads: () => [
      "error: Cannot apply invalid.test: 1 of 54 objects cannot be applied, and nothing was changed",
      '  EndpointSlice invalid/db-13-external: endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      "  remedy: correct these values in the platform file, then run the command again",
    ],
    then: "nothing is written, not even the namespace",
    async holds(ground, end) {
      nothingWritten(ground, end);
      const namespace = { apiVersion: "v1", kind: "Namespace", name: "invalid" };
      assert.equal(await ground.client.get(namespace), undefined);
    },
  },
  {
    fault: "a pod crashes again and again",
    arrange: async (ground) => ({
      args: onCluster(
        "apply",
        await ground.shop("crashing", simulate("crash-loop", "missing DB_URL")),
      ),
    }),
    exitCode: 1,
    message:
      /^Deployment crashing\/web: 0\/1 ready: pod web-\S+ is CrashLoopBackOff: exit 1: "missing DB_URL"$/,
    remedy: /kubectl --namespace crashing logs web-\S+ --container web --previous/,
    then: "it fails long before the time is up, and the mended workload becomes ready",
    async holds(ground, { durationMs }) {
      assert.ok(durationMs < 30_000, `${durationMs} ms`);
      await ground.applied(await ground.shop("crashing"));
    },
  },
  {
    fault: "a pod fits no node",
    async arrange(ground) {
      const size = { cpu: "64", memory: "64Mi" };
      const file = await ground.shop("oversized", {
        web: { resources: { requests: size, limits: size } },
      });
      return { args: onCluster("apply", file, "--timeout", "10s") };
    },
    exitCode: 4,
    message:
      /Deployment oversized\/web: 0\/1 ready: pod web-\S+ cannot be scheduled: 0\/3 nodes are available: 3 Insufficient cpu/,
    remedy: /add a node that fits, or lower what the pod asks for/,
    then: "the smaller workload becomes ready",
    holds: async (ground) => {
      await ground.applied(await ground.shop("oversized"));
    },
  },
  {
    fault: "a pod runs and never becomes ready within the time",
    arrange: async (ground) => ({
      args: onCluster(
        "apply",
        await ground.shop("unready", simulate("never-ready")),
        "--timeout",
        "10s",
      ),
    }),
    exitCode: 4,
    message:
      /^Gave up after \d+\.\d s: Deployment unready\/web: 0\/1 ready: pod web-\S+ runs but is not ready/,
    remedy: /wait longer with --timeout/,
    then: "the stage is told as failed",
    holds(_, { lines }) {
      const last = lines.findLast(({ type }) => type === "stage");
      assert.deepEqual([last?.["stage"], last?.["state"]], [
        "Wait until everything is ready",
        "failed",
      ]);
    },
  },
  {
    fault: "the client certificate has expired",
    async arrange(ground) {
      const kubeconfig = await expiredKubeconfig(ground);
      const file = await ground.shop("expired");
      return {
        args: ["apply", "--kubeconfig", kubeconfig, "--yes", "--platform", file, "--json"],
      };
    },
    exitCode: 1,
    message: /the client certificate "CN=late" \(.*\) expired on 2020-12-31T00:00:00/,
    remedy: /fetch a fresh kubeconfig from the cluster, or renew the certificate/,
    then: "nothing is written",
    holds: nothingWritten,
  },
  {
    fault: "the disk of the cache is full",
    async arrange(ground) {
      const cache = await smallDisk(ground);
      const mirror = startUpstream();
      const [program] = controlPlanePrograms;
      const release = program!.release(hostPlatform())!;
      const path = (url: string) => url.replace("https:/", "");
      mirror.answers.set(path(release.checksumUrl), () => new Response("0".repeat(64)));
      mirror.answers.set(path(release.url), () => new Response(new Uint8Array(4 * 2 ** 20)));
      return {
        args: ["cluster", "up", "--name", "diskless", "--json"],
        options: {
          env: {
            XDG_CACHE_HOME: cache.folder,
            DENO_DIR: denoFolder(),
            SLIPWAY_MIRROR: mirror.url,
            PATH: "/nowhere",
          },
        },
        async end() {
          await mirror[Symbol.asyncDispose]();
          await cache.unmount();
        },
      };
    },
    exitCode: 1,
    message: /^Cannot write \S*\/small-disk\/slipway\/\S+: the disk that holds it is full$/,
    remedy: /free some space there, or set XDG_CACHE_HOME/,
    then: "no cluster is left behind",
    async holds(ground) {
      const status = await ground.run(["cluster", "status", "--name", "diskless", "--json"]);
      assert.equal(status.code, 5);
      assert.equal(summaryOf(status)["exists"], false);
    },
    skip: () => Deno.uid() === 0 ? undefined : "only root can mount a small disk",
  },
  {
    fault: "another run holds the lease, and lives",
    async arrange(ground) {
      const file = await ground.shop("leased");
      await ground.applied(file);
      const renew = await holdLease(ground, "leased.test");
      let renewing: Promise<void> | undefined;
      const asksForLife = (line: JsonLine) =>
        line.type === "note" && String(line["message"]).includes("waiting up to");
      return {
        args: onCluster("apply", file),
        options: {
          onLine(line) {
            if (asksForLife(line)) renewing ??= renew();
          },
        },
        end: () => renewing,
      };
    },
    exitCode: 1,
    message:
      /^Cannot change leased\.test: ana@laptop, process 4711 is changing it since 2026-01-01T03:00/,
    remedy: /wait for that run to end, or stop it/,
    reads: () => [
      "error: Cannot change leased.test: ana@laptop, process 4711 is changing it since 2026-01-01T03:00:00.000000Z",
      "  remedy: wait for that run to end, or stop it, then run the command again",
    ],
    then: "nothing is written",
    holds: nothingWritten,
  },
  {
    fault: "a run that held the lease was killed",
    async arrange(ground) {
      const file = await ground.shop("orphaned", { externalServices: services("orphaned", 20) });
      const killed = await ground.run(onCluster("apply", file), {
        killWhen: starts("Apply configuration"),
      });
      assert.equal(killed.code, 137, killed.stderr);
      const lease = await ground.client.get(leaseRef("orphaned.test"));
      assert.notEqual(lease, undefined, "the killed run left no lease");
      return { args: onCluster("apply", file) };
    },
    exitCode: 0,
    then: "the lease of the dead process is taken over at once, and given back",
    async holds(ground, { lines }) {
      // Nothing but the review has something to say.
      assert.deepEqual(
        lines.filter(({ type, message }) => type === "note" && !/^the review /.test(`${message}`)),
        [],
      );
      assert.equal(await ground.client.get(leaseRef("orphaned.test")), undefined);
    },
  },
  {
    fault: "Ctrl-C in the middle",
    async arrange(ground) {
      const file = await ground.shop("stopped", { externalServices: services("stopped", 60) });
      return {
        args: onCluster("apply", file),
        options: { interruptWhen: starts("Apply configuration") },
      };
    },
    exitCode: 130,
    message: /^Interrupted/,
    then: "the lease is given back, and a re-run converges",
    async holds(ground) {
      assert.equal(await ground.client.get(leaseRef("stopped.test")), undefined);
      await convergesWith(ground, "apply", `${ground.folder}/stopped.yaml`);
    },
  },
  {
    fault: "the selector of a Deployment and the class of a claim change",
    async arrange(ground) {
      await ground.applied(await ground.shop("fixed", volumes("fixed", "local-path")));
      const web = { labels: { app: "renamed" } };
      return {
        args: onCluster("apply", await ground.shop("fixed", { ...volumes("fixed", "other"), web })),
      };
    },
    exitCode: 1,
    message:
      /Deployment fixed\/web: spec\.selector: .*field is immutable[^]*PersistentVolumeClaim fixed\/data: spec: /,
    remedy: /a selector cannot change: give the Deployment a new name.*a claim's class/,
    then: "nothing is written, and both are still the same objects",
    holds: nothingWritten,
  },
  {
    fault: "objects leave the render",
    async arrange(ground) {
      await ground.applied(await ground.shop("pruned", leavingObjects("pruned")));
      await claimFor(ground, "pruned", "db-1", "shop.other");
      await keep(ground, "pruned", "db-2");
      return { args: onCluster("apply", await ground.shop("pruned")) };
    },
    exitCode: 0,
    then: "what nobody else owns and holds no data is pruned; --prune-data prunes the rest",
    async holds(ground, { lines }) {
      assert.deepEqual(await servicesOf(ground, "pruned"), ["db-1", "db-2", "web"]);
      assert.deepEqual(await dataOf(ground, "pruned"), ["data", "pruned", "pruned-more"]);
      assert.equal(summaryOf({ lines } as TaskOutcome)["pruned"], 4);
      await ground.applied(`${ground.folder}/pruned.yaml`, { pruneData: true });
      await untilGone(ground, "pruned-more");
      assert.deepEqual(await servicesOf(ground, "pruned"), ["db-1", "db-2", "web"]);
      assert.deepEqual(await dataOf(ground, "pruned"), ["pruned"]);
    },
  },
  {
    fault: "the render is empty",
    async arrange(ground) {
      await ground.applied(await ground.shop("emptied"));
      const nothing = { namespaces: {}, workloads: {} };
      return { args: onCluster("apply", await ground.shop("emptied", nothing)) };
    },
    exitCode: 2,
    message:
      /^Cannot plan emptied\.test: the render is empty, and pruning would remove all 4 objects on record$/,
    remedy: /use the destroy task/,
    then: "nothing is written",
    holds: nothingWritten,
  },
  {
    fault: "the cluster is reset while a run holds a lease",
    async arrange(ground) {
      await holdLease(ground, "leased.test");
      return { args: ["cluster", "reset", "--name", clusterName, "--yes", "--json"] };
    },
    exitCode: 0,
    then: "the cluster is gone",
    async holds(ground) {
      const status = await ground.run(["cluster", "status", "--name", clusterName, "--json"]);
      assert.equal(summaryOf(status)["exists"], false);
    },
  },
];

Deno.test("each fault ends with its exit code, its cause and its remedy", async (t) => {
  await withFaultGround(async (ground) => {
    for (
      const row of faults
    ) {
      const outcome = `exit ${row.exitCode}; ${row.then}`;
      const because = row.skip?.();
      await t.step({
        name: `${row.fault}: ${outcome}${because === undefined ? "" : ` (left out: ${because})`}`,
        ignore: because !== undefined,
        fn: () => happen(ground, row),
      });
    }
  });
});

async function happen(ground: FaultGround, row: Fault): Promise<void> {
  const { args, options, end } = await row.arrange(ground);
  const bytes = await ground.auditBytes();
  const startedMs = performance.now();
  let outcome: TaskOutcome;
  try {
    outcome = await ground.run(args, options);
  } finally {
    await end?.();
  }
  const durationMs = performance.now() - startedMs;
  const writes = await ground.writesSince(bytes);
  const error = outcome.lines.find(({ type }) => type === "error");
  const said = `${outcome.stdout.slice(-2_000)}\n${outcome.stderr}`;
  assert.equal(outcome.code, row.exitCode, said);
  if (row.message === undefined) assert.equal(error, undefined, said);
  else assert.match(String(error?.["message"]), row.message);
  if (row.remedy !== undefined) assert.match(String(error?.["remedy"]), row.remedy);
  if (row.reads !== undefined) {
    assert.deepEqual(outcome.stderr.trimEnd().split("\n"), row.reads(ground));
  }
  await row.holds(ground, { ...outcome, writes, durationMs });
}
