import { deepEqual, throws } from "node:assert/strict";
import { classOf, entriesOfTables, readArchiveList } from "../../lib/postgres/archive_list.ts";

const list = `;
; Archive created at 2026-11-21 15:35:44 UTC
;
3372; 1262 25338 DATABASE - we ird o
3373; 0 0 COMMENT - DATABASE "we ird" o
5; 2615 1 SCHEMA - app o
214; 1259 25367 TABLE app orders o
215; 1259 25368 TABLE app orders_old o
3380; 0 0 ACL app TABLE orders o
3213; 0 0 TABLE ATTACH app orders_2026 o
3365; 2613 42 BLOB - 42 o
3361; 0 25367 TABLE DATA app orders o
3362; 0 25368 TABLE DATA app orders_old o
3375; 0 0 SEQUENCE SET app orders_id_seq o
3366; 0 0 BLOBS - BLOBS 
3216; 2606 25373 CONSTRAINT app orders orders_pkey o
3217; 2606 25374 CHECK CONSTRAINT app orders late o
3218; 2606 25375 FK CONSTRAINT app orders orders_user_fkey o
3214; 1259 25386 INDEX app orders_b_idx o
3219; 2620 1 TRIGGER app orders touch o
3220; 6100 1 SUBSCRIPTION - from_far o
3363; 0 25380 MATERIALIZED VIEW DATA app mv o
`;

Deno.test("readArchiveList() reads what pg_restore lists, and refuses what is none", () => {
  const entries = readArchiveList(list);
  deepEqual(entries.length, 19);
  deepEqual(entries[2], {
    id: 5,
    oid: "2615 1",
    text: "SCHEMA - app o",
    line: "5; 2615 1 SCHEMA - app o",
  });
  throws(() => readArchiveList("; nothing\n"), /lists nothing/);
});

Deno.test("classOf() tells what has to come first, rows, and what comes after them", () => {
  const classes = Object.groupBy(readArchiveList(list), classOf);
  const ids = Object.fromEntries(
    Object.entries(classes).map(([kind, entries]) => [kind, entries.map(({ id }) => id)]),
  );
  deepEqual(ids, {
    database: [3372, 3373],
    definition: [5, 214, 215, 3380, 3213],
    "large-objects": [3365, 3366],
    data: [3361, 3362, 3375],
    after: [3216, 3217, 3214, 3219, 3220, 3363],
    reference: [3218],
  });
});

Deno.test("entriesOfTables() takes the rows of one table, and of none that is called alike", () => {
  const { definitions, contents, references } = entriesOfTables(readArchiveList(list), [
    { schema: "app", table: "orders" },
  ]);
  deepEqual(definitions.map(({ id }) => id), [5, 214, 215, 3380, 3213]);
  deepEqual(contents.map(({ id }) => id), [3361, 3375, 3216, 3217, 3214, 3219]);
  deepEqual(references.map(({ id }) => id), [3218]);
});
