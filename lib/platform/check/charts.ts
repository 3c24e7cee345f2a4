import { catalogue } from "../catalogue.ts";
import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Chart, Platform } from "../types.ts";
import { builtInProject } from "./gitops.ts";
import { refer } from "./reference.ts";

/** Charts need their namespace and, with Argo CD, a project that allows them; what came to an end must be known as such. */
export function checkCharts(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.charts).flatMap(([name, chart]) =>
      checkChart(name, chart as Chart<unknown>, platform)
    ),
    ...checkHarbor(platform),
    ...checkPostgresOperator(platform),
    ...Object.keys(platform.replacements).flatMap((name) =>
      refer(
        ["replacements", name],
        name,
        Object.keys(catalogue().ended),
        "thing under `ended` of manifests/charts.yaml",
      ).map((mistake) => ({ ...mistake, atKey: true }))
    ),
  ];
}

function checkChart(
  name: string,
  { namespace, via, project }: Chart<unknown>,
  { namespaces, projects }: Platform,
): Mistake[] {
  const path = ["charts", name];
  const pin = catalogue().charts[name as keyof Platform["charts"]];
  const mistakes = refer([...path, "namespace"], namespace, Object.keys(namespaces), "namespace");
  if (via === "k3s") {
    if (project === undefined) return mistakes;
    return [...mistakes, {
      path: [...path, "project"],
      message: "expected only with via: argocd; k3s knows no projects",
      atKey: true,
    }];
  }
  if (project === undefined) {
    return [...mistakes, {
      path: [...path, "project"],
      message: "missing, expected one of the platform's projects, since via is argocd",
    }];
  }
  if (project === builtInProject) return mistakes;
  const allowed = projects[project];
  if (allowed === undefined) {
    return [
      ...mistakes,
      ...refer(
        [...path, "project"],
        project,
        [...Object.keys(projects), builtInProject],
        "project",
      ),
    ];
  }
  const repository = pin.repository.replace(/^oci:\/\//, "");
  if (!allowed.sourceRepositories.some((one) => one === "*" || one === repository)) {
    mistakes.push({
      path: ["projects", project, "sourceRepositories"],
      message: `without ${repository}, expected it: chart ${name} comes from there`,
    });
  }
  if (!allowed.destinations.includes(namespace)) {
    mistakes.push({
      path: ["projects", project, "destinations"],
      message: `without ${namespace}, expected it: chart ${name} is installed there`,
    });
  }
  return mistakes;
}

/** Harbor's chart looks for passwords under keys of its own choice, and takes no others. */
function checkHarbor(platform: Platform): Mistake[] {
  const harbor = platform.charts.harbor;
  if (harbor === undefined) return [];
  const path = ["charts", "harbor", "values"];
  const { database, redisSecret } = harbor.values;
  const mistakes: Mistake[] = [];
  if (database.password.key !== "password") {
    mistakes.push({
      path: [...path, "database", "password", "key"],
      message: `${database.password.key}, expected password: the chart reads no other key`,
    });
  }
  const found = declaredSecrets(platform).find(({ namespace, name }) =>
    namespace === harbor.namespace && name === redisSecret
  );
  if (found !== undefined && !found.keys.includes("REDIS_PASSWORD")) {
    mistakes.push(missingKey([...path, "redisSecret"], found.name, "REDIS_PASSWORD"));
  }
  return mistakes;
}

function missingKey(path: Path, secret: string, key: string): Mistake {
  return { path, message: `secret ${secret} has no key ${key}, expected one` };
}

/** Without being told so, the operator makes all Secrets beside the cluster, and users would wait for theirs. */
function checkPostgresOperator({ charts, postgres }: Platform): Mistake[] {
  const operator = charts["postgres-operator"];
  if (operator === undefined || operator.values.crossNamespaceSecrets === true) return [];
  return Object.entries(postgres).flatMap(([name, cluster]) =>
    cluster.kind !== "zalando" ? [] : Object.entries(cluster.users)
      .filter(([, { secretNamespace }]) => secretNamespace !== undefined)
      .map(([user, { secretNamespace }]) => ({
        path: ["postgres", name, "users", user, "secretNamespace"],
        message: `${secretNamespace}, but the operator is not told to make Secrets there, ` +
          "expected charts.postgres-operator.values.crossNamespaceSecrets: true",
      }))
  );
}
