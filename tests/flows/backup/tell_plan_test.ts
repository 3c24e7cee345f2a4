import assert from "node:assert/strict";
import { tellPlan } from "../../../lib/flows/backup/tell_plan.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import { testContext } from "../../context.ts";

const source = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };

Deno.test("a plan tells once for whom backups are encrypted, and warns where they are not", () => {
  const items = [{ source, label: "database orders" }];
  for (
    const [recipients, level, told] of [
      [["age1anna", "age1ben"], "info", /for age1anna and age1ben$/],
      [[], "warning", /^not encrypted/],
    ] as const
  ) {
    const context = testContext();
    tellPlan(items, { recipients, store: createFolderStore("/srv/backups") }, context);
    const notes = context.events.filter((event) => event.type === "note");
    assert.equal(notes.length, 1);
    assert.equal(notes[0]!.level, level);
    assert.match(notes[0]!.message, told);
  }
});
