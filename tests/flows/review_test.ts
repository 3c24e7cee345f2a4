import assert from "node:assert/strict";
import { ExitCode, UsageError } from "../../lib/core/errors.ts";
import type { NoteEvent, SlipwayEvent } from "../../lib/core/events.ts";
import type { Manifest } from "../../lib/core/object.ts";
import type { Platform } from "../../lib/platform/types.ts";
import { unsealedMark } from "../../lib/platform/sealed.ts";
import { countFindings, rulesTable, tellFindings } from "../../lib/flows/review.ts";
import { samplePlatform } from "../platform/sample_platform.ts";
import { object, service } from "../review/sample_objects.ts";

type Tell = typeof tellFindings;

function notes(
  tell: Tell,
  manifests: Manifest[],
  platform: Partial<Platform> = {},
  options: { placeholders?: boolean } = {},
): NoteEvent[] {
  const events: SlipwayEvent[] = [];
  tell({ platform: samplePlatform(platform), manifests }, options, { emit: (e) => events.push(e) });
  return events.filter((event) => event.type === "note");
}

const nodePort = service("web", undefined, [], { type: "NodePort" });
const lost = service("lost", { app: "nobody" });

Deno.test("a render tells each warning with its rule and its remedy", () => {
  assert.deepEqual(notes(tellFindings, [nodePort]), [{
    type: "note",
    level: "warning",
    message: "Service shop/web: it opens a port on every node (exposed-service)",
    remedy: "put a route or a load balancer in front of it",
  }]);
});

Deno.test("an error refuses with exit code 2 and names each object", () => {
  for (const tell of [tellFindings, countFindings]) {
    assert.throws(() => notes(tell, [lost, nodePort]), (error: UsageError) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.exitCode, ExitCode.usage);
      assert.match(
        error.message,
        /^Cannot deliver demo for test: 1 finding refuses it\n {2}Service shop\/lost: /,
      );
      assert.match(error.remedy!, /silenced/);
      return true;
    });
  }
});

Deno.test("a silenced error does not refuse, and a silence for nothing is told", () => {
  const silenced = [
    {
      rule: "service-selects-nothing",
      object: "Service/shop/lost",
      because: "its pods come later",
    },
    { rule: "latest-tag", object: "Deployment/shop/*", because: "none" },
  ];
  const told = notes(tellFindings, [lost], { silenced });
  assert.equal(told.length, 1);
  assert.match(told[0]!.message, /latest-tag for Deployment\/shop\/\* silences nothing/);
});

Deno.test("a deploy tells how many there are, and nothing when there are none", () => {
  const [note] = notes(countFindings, [nodePort]);
  assert.equal(note?.message, "the review of all objects has 1 warning");
  assert.equal(note?.level, "info");
  assert.deepEqual(notes(countFindings, [service("web", undefined)]), []);
});

Deno.test("placeholders meet what is not sealed yet", () => {
  const secret = object("SealedSecret", "app", { encryptedData: { A: unsealedMark } });
  assert.throws(() => notes(countFindings, [secret]), /A is not sealed yet/);
  countFindings({ platform: samplePlatform(), manifests: [secret] }, { placeholders: true }, {
    emit: () => {},
  });
});

Deno.test("all rules are listed with their severity", () => {
  const { rows } = rulesTable();
  assert.ok(rows.length >= 13);
  assert.ok(
    rows.every(([name, severity, summary]) =>
      name !== "" && ["error", "warning"].includes(severity!) && summary !== ""
    ),
  );
});

Deno.test("many findings of one rule are told in one line that names all objects", () => {
  const ports = Array.from(
    { length: 6 },
    (_, index) => service(`web-${index}`, undefined, [], { type: "NodePort" }),
  );
  const told = notes(tellFindings, ports);
  assert.equal(told.length, 1);
  assert.match(
    told[0]!.message,
    /^Service shop\/web-0: it opens a port on every node; and 5 more: /,
  );
  assert.match(told[0]!.message, /Service shop\/web-5 \(exposed-service\)$/);
  assert.equal(notes(tellFindings, ports.slice(1)).length, 5);
});
