import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { imagesOf, readImage } from "../images.ts";

/** What runs then depends on when a node pulled the image, and nobody can go back to what ran before. */
export const latestTag: Rule = {
  name: "latest-tag",
  summary: "An image has a tag other than latest, or a digest",
  severity: "error",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      imagesOf(spec).flatMap(({ container, image }) => {
        const { tag, digest } = readImage(image);
        return digest !== undefined || (tag !== undefined && tag !== "latest") ? [] : [{
          object: refOf(owner),
          because: `container ${container.name} runs ${image}, ${
            tag === undefined ? "which has no tag" : "which can be anything"
          }`,
          remedy: "name a version, or a digest",
        }];
      })
    ),
};
