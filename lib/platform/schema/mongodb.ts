import { z } from "zod";
import { resources, runAs } from "./container.ts";
import { exporter, podStorage, workloadBackup } from "./data_parts.ts";
import * as part from "./parts.ts";
import { spread } from "./workload.ts";

const word = part.text(/^[A-Za-z][\w-]*$/, "a name of letters, digits, hyphens and underscores");

/** @ignore */
export const mongodb = z.strictObject({
  namespace: part.name,
  image: part.image,
  imagePullSecrets: z.array(part.name).optional(),
  // Source: MongoDB, "Replica Set Members": 50 members, of which 7 vote; more than those want priorities of their own.
  members: z.int().min(1).max(7).default(3),
  replicaSet: word.default("rs0"),
  service: part.name.optional().describe("Service for clients; <name>-client by default"),
  storage: podStorage,
  resources,
  secret: z.strictObject({
    name: part.secretName,
    userKey: part.dataKey,
    passwordKey: part.dataKey,
    keyfileKey: part.dataKey,
  }),
  users: z.record(
    word,
    z.strictObject({
      database: word,
      roles: z.array(
        part.text(/^[A-Za-z]\w*(@[A-Za-z][\w-]*)?$/, "a role such as readWrite or read@local"),
      ).min(1),
      passwordKey: part.dataKey,
    }),
  ).default({}),
  exporter: exporter.extend({ user: word }).optional(),
  spread: spread.optional(),
  runAs: runAs.default({ user: 999, group: 999 }),
  backup: workloadBackup.optional(),
});
