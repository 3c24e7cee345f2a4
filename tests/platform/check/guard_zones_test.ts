import assert from "node:assert/strict";
import { checkZones } from "../../../lib/platform/check/guard_zones.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { zonesOf } from "../../../lib/platform/zones.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

/** A gateway in front, an API behind it, and its databases behind that. */
function layered(changes: Partial<Platform>): Platform {
  return samplePlatform({
    namespaces: { edge: { existing: true }, shop: { podSecurity: "restricted" } },
    peers: { gateway: { namespace: "edge" }, internet: { cidrs: ["0.0.0.0/0"] } },
    workloads: { api: sampleWorkload(), db: sampleWorkload(), cache: sampleWorkload() },
    groups: { databases: ["db", "cache"] },
    zones: {
      outside: { members: ["internet"], mayCall: ["edge"] },
      edge: { namespaces: ["edge"], mayCall: ["application"] },
      application: { namespaces: ["shop"], mayCall: ["data", "outside"] },
      data: { members: ["databases"], mayCall: [] },
    },
    ...changes,
  });
}

function mistakesOf(changes: Partial<Platform>): string[] {
  return checkZones(layered(changes)).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("zonesOf() puts an end where it is named, before where its namespace is", () => {
  assert.deepEqual(Object.fromEntries(zonesOf(layered({}))), {
    gateway: "edge",
    internet: "outside",
    api: "application",
    db: "data",
    cache: "data",
  });
});

Deno.test("checkZones() accepts flows from zone to zone that may call each other", () => {
  assert.deepEqual(
    mistakesOf({
      flows: [
        { from: "gateway", to: "api", ports: [8080] },
        { from: "api", to: "databases", ports: [5432] },
        { from: "api", to: "internet", ports: [443] },
      ],
    }),
    [],
  );
});

Deno.test("checkZones() refuses a flow that leaves a zone out, in either direction", () => {
  assert.deepEqual(
    mistakesOf({
      flows: [
        { from: "gateway", to: "db", ports: [5432] },
        { from: "db", to: "api", ports: [8080] },
      ],
    }),
    [
      "flows[0]: gateway to db goes from zone edge to zone data, expected application",
      "flows[1]: db to api goes from zone data to zone application, expected no flow at all",
    ],
  );
});

Deno.test("checkZones() looks into the groups that a flow names", () => {
  assert.deepEqual(mistakesOf({ flows: [{ from: "gateway", to: "databases", ports: [5432] }] }), [
    "flows[0]: gateway to db goes from zone edge to zone data, expected application, as a flow from gateway to databases has it",
    "flows[0]: gateway to cache goes from zone edge to zone data, expected application, as a flow from gateway to databases has it",
  ]);
});

Deno.test("checkZones() lets an end call its like, and neighbours only where the zone names itself", () => {
  assert.deepEqual(mistakesOf({ flows: [{ from: "db", to: "db", ports: [5432] }] }), []);
  assert.deepEqual(mistakesOf({ flows: [{ from: "db", to: "cache", ports: [6379] }] }), [
    "flows[0]: db to cache goes from zone data to zone data, expected no flow at all",
  ]);
});

Deno.test("checkZones() refuses a flow with an end that no zone holds", () => {
  const { peers } = layered({});
  assert.deepEqual(
    mistakesOf({
      peers: { ...peers, office: { cidrs: ["192.0.2.0/24"] } },
      flows: [{ from: "office", to: "api", ports: [8080] }],
    }),
    [
      "flows[0].from: office is in no zone, expected one of application, data, edge, outside: a flow past all zones would make them worth nothing",
    ],
  );
});

Deno.test("checkZones() asks nothing of a platform without zones", () => {
  assert.deepEqual(
    mistakesOf({ zones: {}, flows: [{ from: "gateway", to: "db", ports: [5432] }] }),
    [],
  );
});

Deno.test("checkZones() refuses members, namespaces and zones that nobody declares", () => {
  assert.deepEqual(
    mistakesOf({
      zones: { data: { members: ["dbb"], namespaces: ["shopp"], mayCall: ["dta"] } },
    }),
    [
      "zones.data.members[0]: no end of flows or group is called dbb, expected one of api, cache, databases, db, gateway, internet; did you mean db?",
      "zones.data.namespaces[0]: no namespace is called shopp, expected one of edge, shop; did you mean shop?",
      "zones.data.mayCall[0]: no zone is called dta, expected one of data; did you mean data?",
    ],
  );
});

Deno.test("checkZones() refuses an end and a namespace in two zones", () => {
  assert.deepEqual(
    mistakesOf({
      zones: {
        one: { members: ["db"], namespaces: ["shop"], mayCall: [] },
        two: { members: ["databases"], namespaces: ["shop"], mayCall: [] },
      },
    }),
    [
      "zones.two.members[0]: db is in zone one too, expected one zone for each",
      "zones.two.namespaces[0]: shop is in zone one too, expected one zone for each",
    ],
  );
});
