import assert from "node:assert/strict";
import { createAddresses } from "../../../lib/local/nodes/addresses.ts";

Deno.test("pods get addresses of their node's range, each its own, without network and gateway", () => {
  const addresses = createAddresses();
  assert.equal(addresses.assign("a", "10.42.1.0/24"), "10.42.1.2");
  assert.equal(addresses.assign("b", "10.42.1.0/24"), "10.42.1.3");
  assert.equal(addresses.assign("c", "10.42.2.0/24"), "10.42.2.2");
});

Deno.test("a pod that asks again keeps its address", () => {
  const addresses = createAddresses();
  const first = addresses.assign("a", "10.42.1.0/24");
  assert.equal(addresses.assign("a", "10.42.1.0/24"), first);
});

Deno.test("an address that another pod shows already is not given again", () => {
  const addresses = createAddresses();
  addresses.keep("old", "10.42.1.2");
  assert.equal(addresses.assign("new", "10.42.1.0/24"), "10.42.1.3");
});

Deno.test("a full range says so, and has room again when a pod ends", () => {
  const addresses = createAddresses();
  const range = "10.42.1.0/29";
  for (let count = 0; count < 5; count++) addresses.assign(`pod-${count}`, range);
  assert.throws(() => addresses.assign("one too many", range), /all 5 of 10\.42\.1\.0\/29/);
  addresses.release("pod-3");
  assert.equal(addresses.assign("next", range), "10.42.1.5");
});

Deno.test("an address that two pods show stays taken until both have ended", () => {
  const addresses = createAddresses();
  const range = "10.42.1.0/30";
  addresses.keep("a", "10.42.1.2");
  addresses.keep("b", "10.42.1.2");
  addresses.release("a");
  assert.throws(() => addresses.assign("c", range), RangeError);
  addresses.release("b");
  assert.equal(addresses.assign("c", range), "10.42.1.2");
});
