import assert from "node:assert/strict";
import { filesOf } from "../../manifests/components/edges/files.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { byName, type Rendered, wrongness } from "./answer.ts";
import { extractRows } from "./extract.ts";
import { answersOf, parseIndex, parseTable, printIndex, unansweredFigures } from "./table.ts";

const folder = new URL("./", import.meta.url);
const platforms = ["bareuptime", "vikingthedev", "glucosync", "ontu-schedule", "monobase"];
/** The architecture documents belong to their authors, so they are not in this repository; whoever has them names their folder. */
const documents = Deno.env.get("SLIPWAY_DOCUMENTS");

for (const name of platforms) {
  Deno.test(`${name}: each heading, bullet, table row and figure of its document is answered`, async () => {
    const rows = parseIndex(await Deno.readTextFile(new URL(`index/${name}.tsv`, folder)));
    const table = parseTable(await Deno.readTextFile(new URL(`${name}.yaml`, folder)));
    const rendered = new Map<string, Rendered>();
    for (const env of table.environments) {
      const { platform, manifests } = await renderPlatform({ platform: name, env }, {
        cwd: Deno.cwd(),
      });
      rendered.set(env, { platform, objects: byName(manifests), files: filesOf(platform) });
    }
    const known = new Set(rows.map(({ id }) => id));
    const problems = Object.keys(table.rows)
      .filter((id) => !known.has(id))
      .map((id) => `${id}: the document has no such row`);
    for (const row of rows) {
      const given = table.rows[row.id];
      if (given === undefined) {
        problems.push(`${row.id}: no answer for this ${row.kind} ${row.figures.join(" ")}`);
        continue;
      }
      const answers = answersOf(given);
      for (const answer of answers) {
        const environment = rendered.get(answer.env ?? table.environments[0]!);
        const wrong = environment === undefined
          ? `there is no environment ${answer.env}`
          : wrongness(answer, environment);
        if (wrong !== undefined) problems.push(`${row.id}: ${wrong}`);
      }
      const missing = unansweredFigures(row, answers);
      if (missing.length > 0) problems.push(`${row.id}: nothing answers ${missing.join(", ")}`);
    }
    assert.equal(problems.length, 0, `\n${problems.join("\n")}`);
  });

  if (documents === undefined) continue;
  Deno.test(`${name}: the rows are those of the document`, async () => {
    const document = await Deno.readTextFile(`${documents}/${name}.md`);
    assert.equal(
      await Deno.readTextFile(new URL(`index/${name}.tsv`, folder)),
      printIndex(extractRows(document)),
    );
  });
}
