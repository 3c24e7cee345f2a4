import assert from "node:assert/strict";
import { join } from "node:path";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { find } from "./find.ts";

const { manifests } = await renderPlatform(
  { platform: "glucosync", env: "production" },
  { cwd: Deno.cwd() },
);
const { data } = find(manifests, "ConfigMap", "glucosync-cicd/harbor-settings");

type Fields = Record<string, unknown>;

/** What a Harbor was told. */
interface HarborState {
  project?: Fields;
  scanAll?: Fields;
  retentions: Fields[];
  registries: Fields[];
  policies: Fields[];
  refused: string[];
}

/** A Harbor that keeps what it is told, and answers with fields in the order of their names, as Harbor does. */
async function answer(harbor: HarborState, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace("/api/v2.0/", "");
  if (request.headers.get("authorization") !== `Basic ${btoa("admin:s3cret")}`) {
    harbor.refused.push(path);
    return new Response(undefined, { status: 401 });
  }
  const body = request.method === "GET" ? {} : await request.json();
  const policy = { ...body, id: 9, src_registry: { id: 0, name: "Local" } };
  switch (`${request.method} ${path}`) {
    case "GET projects/glucosync":
      return harbor.project === undefined
        ? new Response(undefined, { status: 404 })
        : Response.json(harbor.project);
    case "POST projects":
      harbor.project = { metadata: body.metadata, name: body.project_name, project_id: 42 };
      return created();
    case "PUT projects/glucosync":
      harbor.project!["metadata"] = {
        ...body.metadata,
        ...(harbor.retentions.length > 0 ? { retention_id: "7" } : {}),
      };
      return created();
    case "POST retentions":
      harbor.retentions.push(body);
      return created();
    case "PUT retentions/7":
      harbor.retentions[0] = body;
      return created();
    case "PUT system/scanAll/schedule":
      harbor.scanAll = body;
      return created();
    case "GET registries":
      return Response.json(harbor.registries);
    case "POST registries":
      harbor.registries.push({ credential: body.credential, id: 5, name: body.name });
      return created();
    case "GET replication/policies":
      return Response.json(harbor.policies);
    case "POST replication/policies":
      harbor.policies.push(policy);
      return created();
    case "PUT replication/policies/9":
      harbor.policies[0] = policy;
      return created();
  }
  return new Response(undefined, { status: 404 });
}

function created(): Response {
  return new Response(undefined, { status: 201 });
}

async function hasCurl(): Promise<boolean> {
  try {
    return (await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "GlucoSync's job brings Harbor to what the architecture says, and changes nothing when it runs again",
  ignore: !await hasCurl(),
  async fn() {
    const harbor: HarborState = { retentions: [], registries: [], policies: [], refused: [] };
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => answer(harbor, request),
    );
    const folder = await Deno.makeTempDir();
    try {
      for (const [name, text] of Object.entries(data)) {
        await Deno.writeTextFile(join(folder, name), String(text));
      }
      const run = () =>
        new Deno.Command("sh", {
          args: [join(folder, "apply.sh")],
          clearEnv: true,
          env: {
            PATH: Deno.env.get("PATH")!,
            TMPDIR: folder,
            HARBOR_URL: `http://127.0.0.1:${server.addr.port}`,
            ADMIN_PASSWORD: "s3cret",
            BACKUP_USER: "robot",
            BACKUP_PASSWORD: "p/&a|ss",
          },
        }).output();
      const first = await run();
      assert.equal(first.code, 0, new TextDecoder().decode(first.stderr));
      const { metadata } = harbor.project!;
      assert.deepEqual(metadata, {
        public: "false",
        auto_scan: "true",
        prevent_vul: "true",
        severity: "high",
      });
      const [retention] = harbor.retentions as { scope: unknown; rules: { params: unknown }[] }[];
      assert.deepEqual(retention!.scope, { level: "project", ref: 42 });
      assert.deepEqual(retention!.rules[0]!.params, { latestPushedK: 10 });
      assert.equal((harbor.scanAll!["schedule"] as { type: string }).type, "Daily");
      assert.deepEqual(harbor.registries[0]!["credential"], {
        type: "basic",
        access_key: "robot",
        access_secret: "p/&a|ss",
      });
      assert.deepEqual(harbor.policies[0]!["dest_registry"], { id: 5 });

      const before = JSON.stringify([harbor.retentions, harbor.registries, harbor.policies]);
      const second = await run();
      assert.equal(second.code, 0, new TextDecoder().decode(second.stderr));
      assert.equal(
        JSON.stringify([harbor.retentions, harbor.registries, harbor.policies]),
        before,
      );
      assert.deepEqual(harbor.refused, []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
