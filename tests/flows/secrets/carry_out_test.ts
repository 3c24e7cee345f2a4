import assert from "node:assert/strict";
import { ExitCode, Interrupted, SlipwayError } from "../../../lib/core/errors.ts";
import { carryOut, type RotationPlaces } from "../../../lib/flows/secrets/carry_out.ts";
import {
  journalIn,
  journalKey,
  type RotationJournal,
  type SecretData,
} from "../../../lib/flows/secrets/journal.ts";

const journal: RotationJournal = {
  key: "PGPASSWORD",
  old: "old-password",
  new: "new-password",
  toward: "new",
  startedAt: "2026-01-01T00:00:00Z",
};

/** A Vault, a Secret, a database and pods in memory, in which each step can fail or be killed. */
class World {
  vault: { data: SecretData; version: number } = {
    data: { PGUSER: "app", PGPASSWORD: "old-password" },
    version: 7,
  };
  secret = "old-password";
  database = "old-password";
  pods = "old-password";
  steps: string[] = [];
  /** Called before and after each step: throws where the test wants it to. */
  onStep: (step: string, index: number) => void = () => {};

  readonly places: RotationPlaces = {
    read: () => this.step("read", () => structuredClone(this.vault)),
    replace: (data, version) =>
      this.step("replace", () => {
        if (version !== this.vault.version) return false;
        this.vault = { data: structuredClone(data), version: version + 1 };
        return true;
      }),
    deliver: (value) =>
      this.step("deliver", () => {
        this.secret = String(this.vault.data["PGPASSWORD"]);
        assert.equal(this.secret, value);
      }),
    setPassword: (value) => this.step("set password", () => void (this.database = value)),
    prove: (value) => this.step("prove", () => assert.equal(this.database, value)),
    restart: () => this.step("restart", () => void (this.pods = this.secret)),
  };

  async step<T>(name: string, work: () => T): Promise<T> {
    await Promise.resolve();
    this.onStep(name, this.steps.length);
    this.steps.push(name);
    const result = work();
    this.onStep(`after ${name}`, this.steps.length);
    return result;
  }

  run(wanted = journal, signal = new AbortController().signal): Promise<void> {
    return carryOut(this.places, wanted, signal, () => {});
  }

  /** What is in force; all places must agree, and no journal be left. */
  inForce(): string {
    assert.equal(this.vault.data[journalKey], undefined);
    const all = [this.vault.data["PGPASSWORD"], this.secret, this.database, this.pods];
    assert.equal(new Set(all).size, 1, all.join(", "));
    return this.database;
  }
}

/** What a kill leaves: nothing runs after it, not even what would put back. */
class Killed extends Error {}

Deno.test("carryOut() delivers first, changes the database next, and restarts last", async () => {
  const world = new World();
  await world.run();
  assert.equal(world.inForce(), "new-password");
  assert.deepEqual(
    world.steps.filter((step) => !["read", "replace"].includes(step)),
    ["deliver", "set password", "prove", "restart", "prove"],
  );
  assert.equal(world.vault.data["PGUSER"], "app");
});

Deno.test("whichever step fails, all is put back", async () => {
  const counting = new World();
  await counting.run();
  // The last two are those of the journal's removal, when the rotation is done.
  for (let fail = 0; fail < counting.steps.length - 2; fail++) {
    const world = new World();
    world.onStep = (step, index) => {
      if (index !== fail || step.startsWith("after")) return;
      // What failed is mended when putting back begins.
      world.onStep = () => {};
      throw new SlipwayError(`${step} failed`, { remedy: "mend it" });
    };
    await assert.rejects(world.run(), (error: unknown) => {
      assert(error instanceof SlipwayError);
      assert.match(
        error.message,
        /^Nothing is rotated: .* failed; the value from before is in force/,
      );
      assert.equal(error.remedy, "mend it");
      assert.equal(error.exitCode, ExitCode.failed);
      return true;
    });
    assert.equal(world.inForce(), "old-password", `step ${fail}: ${counting.steps[fail]}`);
  }
});

Deno.test("killed before or after any step, the next run ends it, forward or back", async () => {
  const counting = new World();
  await counting.run();
  for (let kill = 0; kill < counting.steps.length; kill++) {
    for (const moment of ["before", "after"]) {
      const world = new World();
      let dead = false;
      world.onStep = (step, index) => {
        const isThere = moment === "after"
          ? step.startsWith("after") && index === kill + 1
          : index === kill;
        dead ||= isThere;
        if (dead) throw new Killed();
      };
      await assert.rejects(world.run());
      world.onStep = () => {};
      const left = journalIn(world.vault.data);
      if (left !== undefined) await world.run(left);
      assert.match(world.inForce(), /^(old|new)-password$/, `${moment} ${counting.steps[kill]}`);
    }
  }
});

Deno.test("killed while it is put back, the next run ends it too", async () => {
  for (let kill = 0; kill < 14; kill++) {
    const world = new World();
    let failed = false;
    let since = 0;
    world.onStep = (step) => {
      if (!failed && step === "restart") {
        failed = true;
        throw new SlipwayError("the pods do not start");
      }
      if (failed && since++ >= kill) throw new Killed();
    };
    await world.run().catch(() => {});
    world.onStep = () => {};
    const left = journalIn(world.vault.data);
    if (left !== undefined) await world.run(left);
    assert.match(world.inForce(), /^(old|new)-password$/, `after ${kill} half steps`);
  }
});

Deno.test("what cannot be put back says so, keeps its journal, and ends with the next run", async () => {
  const world = new World();
  world.onStep = (step) => {
    if (step === "set password") {
      throw new SlipwayError("the database is gone", { remedy: "start it" });
    }
  };
  await assert.rejects(world.run(), (error: unknown) => {
    assert(error instanceof SlipwayError);
    assert.match(error.message, /^The rotation is half done: .*; and it cannot be put back: /);
    assert.match(error.remedy ?? "", /^start it; then run the command again/);
    assert.equal(error.exitCode, ExitCode.partly);
    return true;
  });
  const left = journalIn(world.vault.data)!;
  assert.equal(left.toward, "old");
  world.onStep = () => {};
  await world.run(left);
  assert.equal(world.inForce(), "old-password");
});

Deno.test("an interruption puts back, and is told as one", async () => {
  const world = new World();
  const interruption = new AbortController();
  world.onStep = (step) => {
    if (step !== "restart") return;
    world.onStep = () => {};
    interruption.abort(new Interrupted());
    throw new DOMException("aborted", "AbortError");
  };
  await assert.rejects(world.run(journal, interruption.signal), (error: unknown) => {
    assert(error instanceof Interrupted);
    assert.match(error.message, /the value from before is in force again/);
    return true;
  });
  assert.equal(world.inForce(), "old-password");
});

Deno.test("what others change in the secret at the same time is kept", async () => {
  const world = new World();
  world.onStep = (step) => {
    if (step !== "replace") return;
    world.onStep = () => {};
    const { data, version } = world.vault;
    world.vault = { data: { ...data, PGHOST: "db" }, version: version + 1 };
  };
  await world.run();
  assert.equal(world.inForce(), "new-password");
  assert.equal(world.vault.data["PGHOST"], "db");
});

Deno.test("a value that somebody else has changed meanwhile is not overwritten", async () => {
  const world = new World();
  world.vault.data = { PGUSER: "app", PGPASSWORD: "third-password" };
  await assert.rejects(world.run(), /somebody else has changed it/);
  assert.deepEqual(world.vault, {
    data: { PGUSER: "app", PGPASSWORD: "third-password" },
    version: 7,
  });
});

Deno.test("a rotation that is done, with a journal that could not be removed, is not put back", async () => {
  const world = new World();
  let proofs = 0;
  world.onStep = (step) => {
    if (step === "after prove") proofs++;
    if (proofs === 2 && step === "read") throw new SlipwayError("Vault is sealed");
  };
  await assert.rejects(world.run(), /The rotation is done, and its journal could not be removed/);
  world.onStep = () => {};
  await world.run(journalIn(world.vault.data)!);
  assert.equal(world.inForce(), "new-password");
});

Deno.test("a journal that is malformed is refused, and not repeated", () => {
  assert.equal(journalIn({ PGPASSWORD: "x" }), undefined);
  for (const text of ['{"old":"hunter22"', '{"old":"hunter22"}', "null"]) {
    assert.throws(
      () => journalIn({ [journalKey]: text }),
      (error: unknown) => error instanceof SlipwayError && !error.message.includes("hunter22"),
    );
  }
});
