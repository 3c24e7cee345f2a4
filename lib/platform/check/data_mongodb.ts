import type { Mistake, Path } from "../mistake.ts";
import type { Mongodb, Platform } from "../types.ts";
import { refer } from "./reference.ts";
import { keysNeeded, secretKeys } from "./secret_keys.ts";

/** A replica set: its Secret, its exporter's user, and a number of members that can elect. */
export function checkMongodb(path: Path, options: Mongodb, platform: Platform): Mistake[] {
  const { members, secret, users, exporter, namespace } = options;
  const needs = keysNeeded(namespace, platform);
  return [
    ...needs([...path, "secret"], "name", secret.name, {
      userKey: secret.userKey,
      passwordKey: secret.passwordKey,
      keyfileKey: secret.keyfileKey,
    }),
    ...Object.entries(users).flatMap(([user, { passwordKey }]) =>
      refer(
        [...path, "users", user, "passwordKey"],
        passwordKey,
        secretKeys(namespace, secret.name, platform) ?? [passwordKey],
        `key of secret ${secret.name}`,
      )
    ),
    ...(exporter === undefined ? [] : refer(
      [...path, "exporter", "user"],
      exporter.user,
      Object.keys(users),
      "user of the replica set",
    )),
    ...(members % 2 === 0
      ? [{
        path: [...path, "members"],
        message: `${members}, expected an odd number: ${
          members - 1
        } members elect a primary after as many losses`,
      }]
      : []),
  ];
}
