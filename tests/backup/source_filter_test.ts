import assert from "node:assert/strict";
import { nameOfSource } from "../../lib/backup/names.ts";
import { isMeant, parseSourceFilter } from "../../lib/backup/source_filter.ts";
import { UsageError } from "../../lib/core/errors.ts";

const orders = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };

Deno.test("a source is meant by its first parts, by all of them, and as messages name it", () => {
  const texts = [
    "postgres",
    "postgres/shop-test/",
    "postgres/shop-test/main",
    nameOfSource(orders),
  ];
  for (const text of texts) assert.ok(isMeant(orders, parseSourceFilter(text)), text);
});

Deno.test("names match wholly", () => {
  for (const text of ["postgre", "postgres/shop", "postgres/shop-test/mai", "vault"]) {
    assert.ok(!isMeant(orders, parseSourceFilter(text)), text);
  }
});

Deno.test("a part with a slash is written as in URLs", () => {
  assert.deepEqual(parseSourceFilter("postgres/x/a%2Fb/c d"), {
    ...{ kind: "postgres", scope: "x", name: "a/b", item: "c d" },
  });
});

Deno.test("the name of a database may have slashes, as messages show it", () => {
  const weird = { ...orders, item: "orders / 2026" };
  assert.deepEqual(parseSourceFilter(nameOfSource(weird)), weird);
});

Deno.test("a source with an empty part, or one that cannot be read, is refused", () => {
  for (const text of ["", "a//b", "a/b/c/50%", "a/%E0%A4%A"]) {
    assert.throws(() => parseSourceFilter(text), UsageError);
  }
});
