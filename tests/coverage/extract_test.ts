import assert from "node:assert/strict";
import { extractRows } from "./extract.ts";

const kindsOf = (document: string) =>
  extractRows(document).map(({ kind, figures }) => [kind, ...figures].join(" "));

Deno.test("extractRows() finds headings, bullets, table rows and figures, and no plain prose", () => {
  const document = [
    "# Overview of 2 clusters",
    "Prose without a number.",
    "Prose with 3 of them, in K3s and S3.",
    "- CPU: 150m (request) / 500m (limit)",
    "1. **First**",
    "| Name | Size |",
    "|------|------|",
    "| data | 20Gi |",
  ];
  assert.deepEqual(kindsOf(document.join("\n")), [
    "heading 2",
    "paragraph 3",
    "bullet 150m 500m",
    "bullet",
    "table row 20Gi",
  ]);
});

Deno.test("extractRows() finds each cell of a drawing that has a figure or is a bullet", () => {
  const drawing = ["```", "│ Port: 8080 │ idle │ - TLS │", "├─ branch", "─────", "```"];
  assert.deepEqual(kindsOf(drawing.join("\n")), ["diagram 8080", "diagram", "diagram"]);
});

Deno.test("extractRows() reads drawings whose encoding was broken once", () => {
  const drawing = ["```", "â”‚ 2-3 repâ”‚ â”‚2 rep â”‚", "```"];
  assert.deepEqual(kindsOf(drawing.join("\n")), ["diagram 2 3", "diagram 2"]);
});

Deno.test("the id of a row changes when its words do, and not with its spaces", () => {
  const id = (text: string) => extractRows(text)[0]!.id;
  assert.equal(id("-  Three   replicas"), id("- three replicas"));
  assert.notEqual(id("- Three replicas"), id("- Four replicas"));
});
