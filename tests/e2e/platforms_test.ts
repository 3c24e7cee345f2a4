import { platformNames } from "../../lib/flows/render/render.ts";
import { withGround } from "./ground.ts";
import { bringUp } from "./platform_steps.ts";

/** These come up in bootstrap_test.ts and tenants_test.ts, which go on with their clusters. */
const elsewhere = ["bareuptime", "monobase"];

for (const name of (await platformNames()).filter((name) => !elsewhere.includes(name))) {
  Deno.test(`${name} comes up in all of its environments, side by side on one cluster`, async (t) => {
    await withGround(async (ground) => void await bringUp(t, name, ground));
  });
}
