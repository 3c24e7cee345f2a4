import assert from "node:assert/strict";
import fc from "fast-check";
import { erasureLayout, minioUsableBytes } from "../../lib/platform/minio.ts";

const gibibyte = 2 ** 30;
const storage = { storageClass: "disk", size: "250Gi" };

Deno.test("minioUsableBytes() leaves two thirds of six drives with EC:2, and half of four by default", () => {
  assert.equal(
    minioUsableBytes({ servers: 6, drivesPerServer: 1, parity: 2, storage }),
    1000 * gibibyte,
  );
  assert.equal(minioUsableBytes({ servers: 4, drivesPerServer: 1, storage }), 500 * gibibyte);
});

Deno.test("minioUsableBytes() leaves all of a single drive, which has no parity", () => {
  assert.equal(minioUsableBytes({ servers: 1, drivesPerServer: 1, storage }), 250 * gibibyte);
});

// Parity by MinIO's DefaultParityBlocks; tolerance by its quorums.
const layouts: [servers: number, drives: number, parity: number | undefined, expected: object][] = [
  [1, 1, undefined, { setSize: 1, parity: 0, readTolerance: 0, serverTolerance: 0 }],
  [1, 4, undefined, { setSize: 4, parity: 2, readTolerance: 2, serverTolerance: 0 }],
  [4, 1, undefined, { setSize: 4, parity: 2, readTolerance: 2, writeTolerance: 1 }],
  [5, 1, undefined, { setSize: 5, parity: 2, writeTolerance: 2, serverTolerance: 2 }],
  [6, 1, 2, { setSize: 6, parity: 2, writeTolerance: 2, serverTolerance: 2 }],
  [6, 1, undefined, { setSize: 6, parity: 3, readTolerance: 3, writeTolerance: 2 }],
  [4, 4, undefined, { setSize: 16, parity: 4, writeTolerance: 4, serverTolerance: 1 }],
  [6, 4, undefined, { setSize: 12, parity: 4, serverTolerance: 2 }],
  [16, 1, undefined, { setSize: 16, parity: 4, serverTolerance: 4 }],
  [32, 1, undefined, { drives: 32, setSize: 16, parity: 4, serverTolerance: 4 }],
];

for (const [servers, drivesPerServer, parity, expected] of layouts) {
  const asked = parity === undefined ? "" : ` with EC:${parity}`;
  Deno.test(`erasureLayout() divides ${servers} servers of ${drivesPerServer} drives${asked} as MinIO does`, () => {
    const layout = erasureLayout({ servers, drivesPerServer, parity });
    assert.deepEqual({ ...layout, ...expected }, layout);
  });
}

Deno.test("erasureLayout() has none for drives that no set divides, or parity above half", () => {
  assert.equal(erasureLayout({ servers: 17, drivesPerServer: 1 }), undefined);
  assert.equal(erasureLayout({ servers: 6, drivesPerServer: 1, parity: 4 }), undefined);
  assert.equal(erasureLayout({ servers: 1, drivesPerServer: 1, parity: 1 }), undefined);
});

Deno.test("erasureLayout() always divides all drives, and never survives the loss of more than it holds parity for", () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(size, fc.integer({ min: 1, max: 8 }), (servers, drivesPerServer) => {
    const layout = erasureLayout({ servers, drivesPerServer });
    if (layout === undefined) return;
    const { drives, setSize, parity, readTolerance, writeTolerance } = layout;
    assert.equal(drives % setSize, 0);
    assert.ok(setSize <= 16 && parity <= setSize / 2);
    assert.ok(writeTolerance <= readTolerance && readTolerance < setSize);
  }));
});
