import assert from "node:assert/strict";
import { commandLine, ownerOf, plainText, quoted, unitFile } from "../../lib/systemd/unit_file.ts";

Deno.test("arguments reach a program as they are, whatever systemd would make of them", () => {
  assert.equal(
    commandLine(["/bin/x", 'a "b"', "c\\d", "100%", "$HOME", "-x;y", "ä"]),
    '"/bin/x" "a \\"b\\"" "c\\\\d" "100%%" "$$HOME" "-x;y" "ä"',
  );
  assert.equal(quoted("a=b c%"), '"a=b c%%"');
  assert.equal(plainText("at 100% of %h"), "at 100%% of %%h");
});

Deno.test("a unit has its sections in order, lists as lines, and nothing that is undefined", () => {
  const { name, text } = unitFile("a.timer", {
    Unit: { Description: "a", After: undefined },
    Timer: { OnCalendar: ["x", "y"], Persistent: "true" },
  });
  assert.equal(name, "a.timer");
  assert.equal(
    text,
    "[Unit]\nDescription=a\n\n[Timer]\nOnCalendar=x\nOnCalendar=y\nPersistent=true\n",
  );
});

Deno.test("a line break cannot smuggle in a setting", () => {
  assert.throws(
    () => unitFile("a.service", { Unit: { Description: "a\nExecStart=/bin/evil" } }),
    /its Description has a line break/,
  );
});

Deno.test("whose a unit is stands in its own section, and nowhere else", () => {
  assert.equal(
    ownerOf("[Unit]\nDescription=x\n\n[X-Slipway]\nOwner=shop-live\nTask=a\n"),
    "shop-live",
  );
  assert.equal(ownerOf("[Unit]\nOwner=shop-live\n"), undefined);
  assert.equal(ownerOf("[X-Slipway]\nTask=a\n\n[Unit]\nOwner=shop-live\n"), undefined);
});
