import type { Mistake } from "../mistake.ts";
import type { Delivery, Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** The project that every Argo CD has, and in which everything is allowed unless it is declared otherwise. */
export const builtInProject = "default";

/** Applications belong to projects, which must let them take from their repository and deploy to their namespace. */
export function checkGitops(platform: Platform): Mistake[] {
  const { projects, applications, namespaces, rootApplication: root } = platform;
  return [
    ...Object.entries(projects).flatMap(([name, { destinations }]) =>
      destinations.flatMap((namespace, index) =>
        refer(
          ["projects", name, "destinations", index],
          namespace,
          Object.keys(namespaces),
          "namespace",
        )
      )
    ),
    ...Object.entries(applications).flatMap(([name, application]) =>
      checkDelivery(["applications", name], application, application.destination, platform)
    ),
    ...(root === undefined ? [] : [
      ...checkDelivery(["rootApplication"], root, root.namespace, platform),
      ...refer(
        ["rootApplication", "namespace"],
        root.namespace,
        Object.keys(namespaces),
        "namespace",
      ),
      ...(root.name in applications
        ? [{
          path: ["rootApplication", "name"],
          message: `an application is called ${root.name} too, expected another name`,
        }]
        : []),
    ]),
  ];
}

function checkDelivery(
  path: readonly string[],
  delivery: Delivery,
  destination: string,
  { projects }: Platform,
): Mistake[] {
  const project = projects[delivery.project];
  const mistakes: Mistake[] = [];
  if (project === undefined) {
    mistakes.push(
      ...refer(
        [...path, "project"],
        delivery.project,
        [...Object.keys(projects), builtInProject],
        "project",
      ),
    );
  } else {
    if (!project.sourceRepositories.some((pattern) => allows(pattern, delivery.repository))) {
      mistakes.push({
        path: [...path, "repository"],
        message:
          `project ${delivery.project} takes nothing from ${delivery.repository}, expected one of ${
            project.sourceRepositories.join(", ")
          }`,
      });
    }
    if (!project.destinations.includes(destination)) {
      mistakes.push({
        path: [...path, path[0] === "applications" ? "destination" : "namespace"],
        message: `project ${delivery.project} deploys nothing to ${destination}, expected one of ${
          project.destinations.join(", ")
        }`,
      });
    }
    if (project.namespace !== delivery.namespace) {
      mistakes.push({
        path: [...path, "namespace"],
        message:
          `project ${delivery.project} is in ${project.namespace}, expected the same namespace`,
      });
    }
  }
  if (!delivery.autoSync && (delivery.prune || delivery.selfHeal)) {
    mistakes.push({
      path: [...path, delivery.prune ? "prune" : "selfHeal"],
      message: "true, expected false while autoSync is false: both belong to automatic syncs",
    });
  }
  return mistakes;
}

/** `*` stands for any part of one path segment or more. Source: Argo CD, "Projects", source repositories. */
function allows(pattern: string, repository: string): boolean {
  const form = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${form.join(".*")}$`).test(repository);
}
