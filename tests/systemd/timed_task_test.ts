import assert from "node:assert/strict";
import { type TimedTask, timedTaskUnits } from "../../lib/systemd/timed_task.ts";

function unitsOf(changes: Partial<TimedTask> = {}): Record<string, string> {
  const units = timedTaskUnits({
    owner: "shop-live",
    name: "dump",
    description: "backup-postgres of shop-live, job dump",
    schedule: "30 2 * * *",
    jitterSeconds: 300,
    deadlineSeconds: 3600,
    argv: ["/usr/bin/deno", "task", "backup-postgres"],
    failureArgv: ["/usr/bin/deno", "task", "schedule-backups"],
    workingDirectory: "/opt/slipway",
    reads: ["/usr/bin/deno", "/opt/slipway"],
    environment: { HOME: "%S/slipway", KEY_FILE: "/run/credentials/%n/KEY" },
    credentials: { KEY: "/etc/slipway/credentials/KEY" },
    toldFile: "dump.told",
    ...changes,
  });
  return Object.fromEntries(units.map(({ name, text }) => [name, text]));
}

function linesOf(text: string | undefined): string[] {
  return text!.split("\n");
}

Deno.test("a task is a service, a timer, and a service that tells of failures", () => {
  assert.deepEqual(Object.keys(unitsOf()), [
    "slipway-shop-live-dump.service",
    "slipway-shop-live-dump.timer",
    "slipway-shop-live-dump-failed.service",
  ]);
});

Deno.test("a timer runs in UTC, with a delay, and makes up for what was missed", () => {
  const lines = linesOf(unitsOf()["slipway-shop-live-dump.timer"]);
  for (
    const line of ["OnCalendar=*-*-* 02:30:00 UTC", "RandomizedDelaySec=300", "Persistent=true"]
  ) {
    assert.ok(lines.includes(line), line);
  }
});

Deno.test("a run ends by its deadline, and a failure is told unless it told of itself", () => {
  const units = unitsOf();
  const service = linesOf(units["slipway-shop-live-dump.service"]);
  assert.ok(service.includes("TimeoutStartSec=3600"));
  assert.ok(service.includes("OnFailure=slipway-shop-live-dump-failed.service"));
  assert.ok(service.includes("ExecStartPre=-rm -f %S/slipway/dump.told"));
  const failed = linesOf(units["slipway-shop-live-dump-failed.service"]);
  assert.ok(failed.includes("ConditionPathExists=!%S/slipway/dump.told"));
  assert.ok(failed.includes('ExecStart="/usr/bin/deno" "task" "schedule-backups"'));
});

Deno.test("secrets come as credentials: none stands in a unit, or is readable by others", () => {
  for (const [name, text] of Object.entries(unitsOf())) {
    if (name.endsWith(".timer")) continue;
    const lines = linesOf(text);
    assert.ok(lines.includes("LoadCredential=KEY:/etc/slipway/credentials/KEY"), name);
    assert.ok(lines.includes('Environment="KEY_FILE=/run/credentials/%n/KEY"'), name);
    assert.ok(lines.includes("UMask=0077"), name);
  }
});

Deno.test("both services run as a user without rights, and see no home but for what they need", () => {
  const user = (changes: Partial<TimedTask>) =>
    linesOf(unitsOf(changes)["slipway-shop-live-dump.service"])
      .filter((line) => /^(User|DynamicUser|ProtectHome|BindReadOnlyPaths)=/.test(line));
  assert.deepEqual(user({}), ["User=slipway", "DynamicUser=yes", "ProtectHome=yes"]);
  assert.deepEqual(user({ user: "postgres", reads: ["/home/ana/slipway", "/usr/bin/deno"] }), [
    "User=postgres",
    "ProtectHome=tmpfs",
    "BindReadOnlyPaths=/home/ana/slipway",
  ]);
});
