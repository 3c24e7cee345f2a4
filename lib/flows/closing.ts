import type { Emit } from "../core/events.ts";
import { type Manifest, refOf, subjectOf } from "../core/object.ts";
import type { WaitResult } from "../kube/wait/result.ts";
import type { RenderedPlatform } from "./render/render.ts";
import type { Session } from "./session.ts";
import {
  absentControllerOf,
  absentControllers,
  admittedOn,
  type SimulatedOn,
} from "./embedded/simulated.ts";
import type { TargetRequest } from "./target.ts";

/** What is told at the end of a deploy: what runs, what is simulated, under which URLs, and what to type next. */
export function closingTables(
  { request, rendered, session, waited, emit }: {
    request: { platform: string } & TargetRequest;
    rendered: RenderedPlatform;
    session: SimulatedOn;
    waited: WaitResult;
    emit: Emit;
  },
): void {
  emit({
    type: "table",
    title: "What runs",
    columns: ["Workload", "State", "Because"],
    rows: waited.objects
      .filter(({ ref }) =>
        ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(ref.kind)
      )
      .map(({ ref, state, because }) => [subjectOf(ref), state, because]),
  });
  if (session.embedded) emit(simulatedTable(rendered.manifests, session));
  const urls = urlsOf(rendered.manifests);
  if (urls.length > 0) {
    emit({
      type: "table",
      title: session.embedded ? "URLs, once Traefik and DNS lead here" : "URLs",
      columns: ["URL", "Route"],
      rows: urls,
    });
  }
  emit({
    type: "table",
    title: "Next",
    columns: ["Type", "To"],
    rows: nextCommands(request, rendered, session),
  });
}

/** What the embedded cluster only simulates or admits, counted by the system that is missing. */
export function simulatedTable(
  manifests: readonly Manifest[],
  session: SimulatedOn = { embedded: true, operators: [] },
): {
  type: "table";
  title: string;
  columns: string[];
  rows: string[][];
} {
  const isAdmitted = admittedOn(session, manifests);
  const rows = absentControllers.map((controller) => {
    const admitted = manifests.filter((manifest) =>
      absentControllerOf(manifest.apiVersion) === controller && isAdmitted(refOf(manifest))
    );
    return { controller, admitted };
  }).filter(({ admitted }) => admitted.length > 0).map(({ controller, admitted }) => [
    controller.name,
    `${admitted.length} ${admitted.length === 1 ? "object" : "objects"} admitted, not ready`,
    controller.consequence,
  ]);
  return {
    type: "table",
    title: "What is simulated",
    columns: ["System", "State", "Which means"],
    rows: [
      [
        "Nodes and pods",
        "simulated",
        "container images are not run; whatever pods need is checked",
      ],
      [
        "Volumes",
        "simulated",
        "claims are bound as their class would bind them; nothing is stored",
      ],
      ...rows,
    ],
  };
}

/**
 * Each URL that a route answers to, with the route's name; plain HTTP only where no route has HTTPS for the same place.
 * Source: the rule syntax of Traefik's IngressRoute.
 */
export function urlsOf(manifests: readonly Manifest[]): string[][] {
  const urls = new Map<string, { secure: boolean; route: string }>();
  for (const manifest of manifests) {
    if (manifest.kind !== "IngressRoute") continue;
    const { routes = [], tls } = manifest["spec"] as {
      routes?: { match: string }[];
      tls?: unknown;
    };
    const secure = tls !== undefined;
    for (const { match } of routes) {
      const path = /PathPrefix\(`([^`]+)`\)/.exec(match)?.[1] ?? "";
      for (const [, host] of match.matchAll(/Host\(`([^`]+)`\)/g)) {
        const known = urls.get(host + path);
        if (known?.secure) continue;
        urls.set(host + path, { secure, route: subjectOf(refOf(manifest)) });
      }
    }
  }
  return [...urls].map((
    [place, { secure, route }],
  ) => [`${secure ? "https" : "http"}://${place}`, route]);
}

/** Commands for the same platform on the same cluster, both named as they were typed. */
function nextCommands(
  { platform: typed, kubeconfig, context, cluster }: { platform: string } & TargetRequest,
  { platform }: RenderedPlatform,
  session: Pick<Session, "embedded">,
): string[][] {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? "" : ` --${name} ${value}`;
  const which = `--platform ${typed} --env ${platform.environment}` +
    option("kubeconfig", kubeconfig) + option("context", context) + option("cluster", cluster);
  const named = option("name", cluster);
  return [
    [`deno task status ${which}`, "see whether everything is still ready"],
    [`deno task diff ${which}`, "see what an apply would change"],
    ...(session.embedded
      ? [
        [`eval "$(deno task -q cluster env${named})"`, "let kubectl speak to this cluster"],
        [`deno task cluster down${named}`, "stop the cluster and keep its data"],
      ]
      : []),
  ];
}
