import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { imagesOf, readImage } from "../images.ts";

/** A tag such as `develop` moves; a node that has pulled it once keeps what it had, so pods of one workload differ. */
export const movingTag: Rule = {
  name: "moving-tag",
  summary: "An image whose tag names no version is pulled at each start",
  severity: "warning",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      imagesOf(spec).flatMap(({ container, image }) => {
        const { tag = "latest", digest } = readImage(image);
        const fixed = digest !== undefined || /\d/.test(tag) || tag === "latest";
        return fixed || container.imagePullPolicy === "Always" ? [] : [{
          object: refOf(owner),
          because:
            `container ${container.name} runs ${image}, a tag that moves, and nodes pull it only once`,
          remedy: "name a version or a digest, or pull it at each start by imagePullPolicy: Always",
        }];
      })
    ),
};
