import { keyOf, type ObjectRef, subjectOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { type HostClaim, hostClaims, overlap } from "../host_claims.ts";

/** Which of two routes for the same requests wins is then up to the controller. */
export const hostClaimedTwice: Rule = {
  name: "host-claimed-twice",
  summary: "No two routes take the same requests: host, path and way in",
  severity: "error",
  check: ({ manifests }) => {
    const byHost = Map.groupBy(hostClaims(manifests), ({ host }) => host);
    return [...byHost.values()].flatMap((claims) => {
      const told = new Set<string>();
      return claims.flatMap((claim, index) =>
        claims.slice(0, index).flatMap((other) => {
          const pair = keyOf(claim.by) + keyOf(other.by) + claim.host;
          if (!overlap(claim, other) || told.has(pair)) return [];
          told.add(pair);
          return [{
            object: claim.by,
            because: `${placeOf(claim)} is claimed by ${subject(other.by, claim.by)} too`,
            remedy: "let one of them have it, or give them paths of their own",
          }];
        })
      );
    });
  },
};

function placeOf({ host, path }: HostClaim): string {
  return `${host}${path === "/" ? "" : path}`;
}

function subject(other: ObjectRef, own: ObjectRef): string {
  return keyOf(other) === keyOf(own) ? "another rule of it" : subjectOf(other);
}
