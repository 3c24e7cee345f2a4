import { refOf } from "../../core/object.ts";
import { exampleHolders } from "../../platform/example_holders.ts";
import type { Rule } from "../finding.ts";
import { keyGraphOf } from "../recoverability/graph.ts";

/** What is encrypted to an identity that everybody has is not encrypted. The embedded cluster is only rehearsed on. */
export const exampleHolder: Rule = {
  name: "example-holder",
  summary: "On real clusters, nobody holds keys by one of the examples' identities",
  severity: "error",
  check: ({ platform, ofKind, find }) => {
    if (platform.target === undefined) return [];
    const graph = keyGraphOf(platform);
    return exampleHolders(platform).flatMap(({ name, path }) => {
      const [section, vault = ""] = path;
      const [object] = section === "vaults"
        ? [...graph.nodes.values()].filter((node) => node.name === vault)
          .flatMap(({ objects }) => objects)
          .flatMap((ref) => find(ref.kind, ref.namespace, ref.name) ?? [])
        : ofKind(section === "backups" ? "CronJob" : "SealedSecret");
      return object === undefined ? [] : [{
        object: refOf(object),
        because: `${path.join(".")} is an example, whose identity is published with Slipway: ` +
          `whatever ${name} can open, everybody can`,
        remedy: "make an identity with `age-keygen`, and put its recipient there",
      }];
    });
  },
};
