import assert from "node:assert/strict";
import type { VaultAgent } from "../../../lib/platform/types.ts";
import { cronJob } from "../../../manifests/components/workload/cron_job.ts";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find } from "../find.ts";

const files: VaultAgent["files"] = {
  "database.env": { path: "secret/data/shop/database" },
  "tls.crt": {
    path: "pki/issue/shop",
    template: '{{ with pkiCert "pki/issue/shop" }}{{ .Cert }}{{ end }}',
    onChange: "pkill -HUP shop",
    mode: "0400",
  },
};

function templateOf(vaultAgent: VaultAgent) {
  const manifests = workload("web", sampleWorkload({ vaultAgent, podAnnotations: { a: "b" } }));
  return find(manifests, "Deployment", "shop/web").spec.template;
}

function annotationsOf(vaultAgent: VaultAgent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templateOf(vaultAgent).metadata.annotations as Record<string, string>)
      .map(([key, value]) => [key.replace("vault.hashicorp.com/", ""), value]),
  );
}

Deno.test("the agent logs in by AppRole with the ids of a Secret, which it must not try to remove", () => {
  const annotations = annotationsOf({ auth: { approle: { secret: "shop-approle" } }, files });
  assert.equal(annotations["auth-type"], "approle");
  assert.equal(annotations["auth-path"], "auth/approle");
  assert.equal(annotations["agent-extra-secret"], "shop-approle");
  assert.equal(annotations["auth-config-role-id-file-path"], "/vault/custom/role-id");
  assert.equal(annotations["auth-config-secret-id-file-path"], "/vault/custom/secret-id");
  assert.equal(annotations["auth-config-remove-secret-id-file-after-reading"], "false");
  assert.equal("role" in annotations, false);
});

Deno.test("the agent logs in by the pod's own token where Vault knows service accounts", () => {
  const auth = { kubernetes: { role: "shop", path: "k8s-eu", audience: "vault" } };
  const annotations = annotationsOf({ auth, files, address: "https://vault.example.org" });
  assert.equal(annotations["auth-path"], "auth/k8s-eu");
  assert.equal(annotations["role"], "shop");
  assert.equal(annotations["service"], "https://vault.example.org");
  const { spec } = templateOf({ auth, files });
  assert.equal(spec.automountServiceAccountToken, false);
  const [{ serviceAccountToken }] = spec.volumes[0].projected.sources;
  assert.equal(serviceAccountToken.audience, "vault");
});

Deno.test("the injector finds a token in the program's container, without which it refuses the pod", () => {
  const { spec } = templateOf({ auth: { approle: { secret: "ids" } }, files });
  const annotation = annotationsOf({ auth: { approle: { secret: "ids" } }, files });
  const mount = spec.containers[0].volumeMounts.at(-1);
  assert.equal(mount.name, annotation["agent-service-account-token-volume-name"]);
  assert.match(mount.mountPath, /serviceaccount/);
  assert.equal(mount.readOnly, true);
});

Deno.test("the agent's containers are as restricted as the program's, and run as the same user", () => {
  const annotations = annotationsOf({ auth: { approle: { secret: "ids" } }, files });
  assert.equal(annotations["agent-set-security-context"], "true");
  assert.equal(annotations["agent-run-as-user"], "1000");
  assert.equal(annotations["agent-run-as-group"], "1000");
  assert.equal(annotations["agent-limits-mem"], "128Mi");
});

Deno.test("each file has its path, and template, command and mode where it gives them", () => {
  const annotations = annotationsOf({ auth: { approle: { secret: "ids" } }, files });
  assert.equal(annotations["agent-inject"], "true");
  assert.equal(annotations["agent-inject-secret-database.env"], "secret/data/shop/database");
  assert.equal("agent-inject-template-database.env" in annotations, false);
  assert.equal(annotations["agent-inject-perms-database.env"], "0640");
  assert.equal(annotations["agent-inject-template-tls.crt"], files["tls.crt"]!.template);
  assert.equal(annotations["agent-inject-command-tls.crt"], "pkill -HUP shop");
  assert.equal(annotations["agent-inject-perms-tls.crt"], "0400");
  // A signal only arrives where both see the same processes.
  assert.equal(annotations["agent-share-process-namespace"], "true");
  assert.equal(annotations["a"], "b");
});

Deno.test("file names in capitals stay as they are", () => {
  const auth = { approle: { secret: "ids" } };
  const capitals = annotationsOf({ auth, files: { CONFIG: { path: "secret/data/a" } } });
  assert.equal(capitals["preserve-secret-case"], "true");
  assert.equal("preserve-secret-case" in annotationsOf({ auth, files }), false);
});

Deno.test("no agent stays beside a program that runs by the clock, which would never end", () => {
  const { image, resources } = sampleWorkload();
  const manifests = cronJob("report", {
    namespace: "shop",
    image,
    resources,
    schedule: "0 4 * * *",
    deadlineSeconds: 600,
    vaultAgent: { auth: { approle: { secret: "ids" } }, files },
  });
  const { template } = find(manifests, "CronJob", "shop/report").spec.jobTemplate.spec;
  assert.equal(
    template.metadata.annotations["vault.hashicorp.com/agent-pre-populate-only"],
    "true",
  );
});
