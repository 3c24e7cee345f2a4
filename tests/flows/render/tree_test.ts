import assert from "node:assert/strict";
import { parse } from "yaml";
import { UsageError } from "../../../lib/core/errors.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { renderTree } from "../../../lib/flows/render/tree.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const configMap = (name: string, data: Record<string, string> = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
  data,
});

interface Ground {
  /** The folder that trees are written into, not there yet. */
  root: string;
  /** Render into it; gives what was told of each file, and the figures. */
  render(
    manifests: readonly Manifest[],
    options?: { dryRun?: boolean; platform?: Platform; signal?: AbortSignal },
  ): Promise<{ files: Record<string, string>; summary: Record<string, unknown> }>;
  /** All files below the folder, with their texts. */
  read(): Promise<Record<string, string>>;
}

async function withGround(test: (ground: Ground) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir();
  try {
    await test({
      root: `${cwd}/tree`,
      async render(manifests, { dryRun, platform = samplePlatform(), signal } = {}) {
        const events: SlipwayEvent[] = [];
        await renderTree({ platform, manifests: [...manifests] }, { folder: "tree", dryRun }, {
          cwd,
          emit: (event) => events.push(event),
          now: () => Temporal.Instant.fromEpochMilliseconds(0),
          signal: signal ?? new AbortController().signal,
        });
        const files = events.flatMap((event) =>
          event.type === "change" ? [[event.subject.replace("tree/", ""), event.action]] : []
        );
        const { type: _type, ...summary } = events.at(-1)!;
        return { files: Object.fromEntries(files), summary };
      },
      read: () => readAll(`${cwd}/tree`),
    });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

async function readAll(folder: string, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) Object.assign(files, await readAll(`${folder}/${name}`, `${prefix}${name}/`));
    else files[prefix + name] = await Deno.readTextFile(`${folder}/${name}`);
  }
  return files;
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof UsageError && message.test(error.message);

Deno.test("renderTree() writes one object a file, by namespace, kind and name, and lists them all", async () => {
  await withGround(async ({ render, read }) => {
    const role: Manifest = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "system:Reader" },
    };
    const { summary } = await render([role, configMap("web")]);
    assert.deepEqual(summary, {
      created: 3,
      configured: 0,
      unchanged: 0,
      pruned: 0,
      durationMs: 0,
    });
    const { ".slipway-tree": list, "kustomization.yaml": kustomization, ...objects } = await read();
    assert.deepEqual(
      Object.fromEntries(Object.entries(objects).map(([path, text]) => [path, parse(text)])),
      {
        "cluster/clusterrole-system_3aReader.yaml": role,
        "shop/configmap-web.yaml": configMap("web"),
      },
    );
    assert.deepEqual(parse(kustomization!), {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["cluster/clusterrole-system_3aReader.yaml", "shop/configmap-web.yaml"],
    });
    assert.match(list!, /^# .* Owner: demo\.test\ncluster\/clusterrole-/);
  });
});

Deno.test("renderTree() keeps two kinds of one name apart by their groups", async () => {
  await withGround(async ({ render, read }) => {
    const cluster = (apiVersion: string): Manifest => ({
      apiVersion,
      kind: "Backup",
      metadata: { name: "db", namespace: "shop" },
    });
    await render([cluster("postgresql.cnpg.io/v1"), cluster("velero.io/v1")]);
    const paths = Object.keys(await read()).filter((path) => path.startsWith("shop/")).sort();
    assert.deepEqual(paths, [
      "shop/backup.postgresql.cnpg.io-db.yaml",
      "shop/backup.velero.io-db.yaml",
    ]);
  });
});

Deno.test("renderTree() puts Applications where the root Application looks for them, and itself elsewhere", async () => {
  await withGround(async ({ render, read }) => {
    const application = (kind: string, name: string): Manifest => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind,
      metadata: { name, namespace: "argocd" },
    });
    const platform = samplePlatform({
      rootApplication: {
        name: "root-app",
        namespace: "argocd",
        project: "default",
        repository: "https://example.org/git",
        path: "argocd/applications",
        revision: "main",
        autoSync: true,
        prune: true,
        selfHeal: true,
      },
    });
    await render([
      application("Application", "root-app"),
      application("Application", "web"),
      application("AppProject", "shop"),
    ], { platform });
    assert.deepEqual(
      Object.keys(await read()).filter((path) => path.startsWith("argocd/")).sort(),
      [
        "argocd/applications/web.yaml",
        "argocd/bootstrap/root-app.yaml",
        "argocd/projects/shop.yaml",
      ],
    );
  });
});

Deno.test("renderTree() touches no file whose text stays, and removes what it wrote earlier and no longer writes", async () => {
  await withGround(async ({ root, render, read }) => {
    await render([configMap("web"), configMap("old"), {
      ...configMap("old"),
      metadata: { name: "old", namespace: "gone" },
    }]);
    const before = await Deno.stat(`${root}/shop/configmap-web.yaml`);
    const { files } = await render([configMap("web"), configMap("new")]);
    assert.deepEqual(files, {
      "gone/configmap-old.yaml": "pruned",
      "kustomization.yaml": "configured",
      "shop/configmap-new.yaml": "created",
      "shop/configmap-old.yaml": "pruned",
      "shop/configmap-web.yaml": "unchanged",
    });
    assert.deepEqual((await Deno.stat(`${root}/shop/configmap-web.yaml`)).mtime, before.mtime);
    assert.deepEqual(Object.keys(await read()).sort(), [
      ".slipway-tree",
      "kustomization.yaml",
      "shop/configmap-new.yaml",
      "shop/configmap-web.yaml",
    ]);
    await assert.rejects(Deno.stat(`${root}/gone`), Deno.errors.NotFound);
  });
});

Deno.test("renderTree() writes the same bytes for the same objects in any order", async () => {
  await withGround(async ({ render, read }) => {
    await render([configMap("a"), configMap("b", { on: "yes" })]);
    const first = await read();
    await render([configMap("b", { on: "yes" }), configMap("a")]);
    assert.deepEqual(await read(), first);
  });
});

Deno.test("renderTree() with a dry run tells what it would do, and does nothing", async () => {
  await withGround(async ({ root, render }) => {
    const { files } = await render([configMap("web")], { dryRun: true });
    assert.deepEqual(files, {
      "kustomization.yaml": "created",
      "shop/configmap-web.yaml": "created",
    });
    await assert.rejects(Deno.stat(root), Deno.errors.NotFound);
  });
});

Deno.test("renderTree() refuses a folder with files that no render wrote, but not one that is only a repository", async () => {
  await withGround(async ({ root, render, read }) => {
    await Deno.mkdir(`${root}/.git`, { recursive: true });
    await Deno.writeTextFile(`${root}/notes.txt`, "mine");
    await assert.rejects(
      render([configMap("web")]),
      refused(/no render wrote, such as notes\.txt/),
    );
    assert.deepEqual(await read(), { "notes.txt": "mine" });
    await Deno.remove(`${root}/notes.txt`);
    await render([configMap("web")]);
    assert.ok("shop/configmap-web.yaml" in await read());
  });
});

Deno.test("renderTree() refuses the tree of another platform or environment", async () => {
  await withGround(async ({ render, read }) => {
    await render([configMap("web")]);
    const before = await read();
    await assert.rejects(
      render([configMap("web")], { platform: samplePlatform({ environment: "production" }) }),
      refused(/^Refused to render demo\.production into .*: it is the tree of demo\.test$/),
    );
    assert.deepEqual(await read(), before);
  });
});

Deno.test("renderTree() overwrites no file of others in its own tree", async () => {
  await withGround(async ({ root, render, read }) => {
    await render([configMap("web")]);
    await Deno.writeTextFile(`${root}/shop/configmap-mine.yaml`, "mine");
    await assert.rejects(
      render([configMap("web"), configMap("mine")]),
      refused(/^Refused to overwrite .*configmap-mine\.yaml: no render wrote it$/),
    );
    await render([configMap("other")]);
    assert.equal((await read())["shop/configmap-mine.yaml"], "mine");
  });
});

Deno.test("renderTree() follows no link out of its tree, neither to write nor to remove", async () => {
  await withGround(async ({ root, render }) => {
    const outside = `${root}-outside`;
    await Deno.mkdir(outside);
    await Deno.writeTextFile(`${outside}/configmap-web.yaml`, "theirs");
    await render([{ ...configMap("web"), metadata: { name: "web", namespace: "other" } }]);
    await Deno.symlink(outside, `${root}/shop`);
    await assert.rejects(render([configMap("web")]), refused(/tree\/shop is a link/));
    await Deno.writeTextFile(
      `${root}/.slipway-tree`,
      (await Deno.readTextFile(`${root}/.slipway-tree`)) + "shop/configmap-web.yaml\n",
    );
    await assert.rejects(render([]), refused(/tree\/shop is a link/));
    assert.equal(await Deno.readTextFile(`${outside}/configmap-web.yaml`), "theirs");
  });
});

Deno.test("renderTree() believes no list that names files outside of the tree", async () => {
  await withGround(async ({ root, render }) => {
    await render([configMap("web")]);
    await Deno.writeTextFile(`${root}-precious`, "precious");
    const list = await Deno.readTextFile(`${root}/.slipway-tree`);
    for (const path of ["../tree-precious", `${root}-precious`, "shop/../../tree-precious"]) {
      await Deno.writeTextFile(`${root}/.slipway-tree`, `${list}${path}\n`);
      await assert.rejects(render([]), refused(/expected only paths inside/));
    }
    assert.equal(await Deno.readTextFile(`${root}-precious`), "precious");
  });
});

Deno.test("renderTree() that was cut off leaves no file that the next one does not own", async () => {
  await withGround(async ({ render, read }) => {
    await render([configMap("old")]);
    const controller = new AbortController();
    controller.abort(new Error("cut off"));
    await assert.rejects(render([configMap("new")], { signal: controller.signal }), /cut off/);
    assert.match((await read())[".slipway-tree"]!, /configmap-new\.yaml\n.*configmap-old\.yaml\n/);
    const { files } = await render([configMap("last")]);
    assert.equal(files["shop/configmap-old.yaml"], "pruned");
    assert.deepEqual(
      Object.keys(await read()).filter((path) => path.startsWith("shop/")),
      ["shop/configmap-last.yaml"],
    );
  });
});

Deno.test("renderTree() writes files for hosts under hosts/, outside of the kustomization", async () => {
  await withGround(async ({ render, read }) => {
    const platform = samplePlatform({
      haproxy: {
        edge: {
          listen: "*",
          nodes: { "worker-1": "10.0.0.1" },
          ports: { https: { port: 443, nodePort: 30443, mode: "tcp" } },
          balance: "roundrobin",
          healthCheck: {
            path: "/healthz",
            port: 30254,
            intervalMs: 1000,
            timeoutMs: 500,
            fall: 3,
            rise: 2,
          },
          failoverSeconds: 5,
          proxyProtocol: false,
        },
      },
    });
    await render([configMap("web")], { platform });
    const files = await read();
    assert.match(files["hosts/haproxy/edge.cfg"]!, /10\.0\.0\.1/);
    assert.doesNotMatch(files["kustomization.yaml"]!, /hosts/);
  });
});
