import type { ClusterClient } from "../../core/cluster.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { refOf } from "../../core/object.ts";
import { step } from "../../core/steps.ts";
import { throwIfNotReady, waitUntilReady } from "../../kube/wait/wait.ts";
import { createIfAbsent } from "../../local/converge_nodes.ts";
import {
  type Operator,
  operatorAccess,
  type OperatorName,
  operatorNames,
  operators,
  operatorService,
} from "../../local/services/operators.ts";
import { crdManifests } from "../crds.ts";
import { makeRoomFor } from "./live_placeholders.ts";
import { programPath } from "./programs.ts";
import { besideCluster } from "./service_place.ts";
import { runService, type Service, serviceSite, servicesOf } from "./services.ts";

export { type OperatorName, operatorNames } from "../../local/services/operators.ts";

/** Owner of the fields of an operator's service account and role; a platform that has objects of these names keeps its own. */
const fieldManager = "slipway-operators";

const atOnce = 8;

/** An operator that runs beside an embedded cluster. */
export interface RunningOperator {
  /** Which one. */
  name: OperatorName;
  /** Namespace of its service account. */
  namespace: string;
  /** URL at which it serves: the sealed-secrets controller its certificate, others their metrics. */
  url: string;
}

/**
 * Run operators beside an embedded cluster that is up, each as a process with a service account of its own, and start
 * them again with the cluster from now on. Their programs and the definitions of their kinds are got first.
 *
 * @throws {SlipwayError} when a program is not to be had, or an operator ends by itself
 */
export async function runOperators(
  cluster: string,
  names: readonly OperatorName[],
  context: Context,
): Promise<RunningOperator[]> {
  const running: RunningOperator[] = [];
  const { asAdmin } = await besideCluster(cluster, context);
  for (const name of new Set(names)) {
    const operator = operators[name];
    const { namespace } = operator;
    await programPath(operator.program, context);
    running.push(
      await step(context, `Start ${name}`, async () => {
        await asAdmin((client) => prepare(client!, operator, namespace, context));
        const { address } = await serviceSite(cluster, name, context);
        const service = operatorService(operator, { address, namespace });
        await runService(cluster, service, context);
        return { name, namespace, url: urlOf(service) };
      }, ({ url }) => url),
    );
  }
  return running;
}

/** The operators that belong to an embedded cluster. */
export async function clusterOperators(
  cluster: string,
  context: Context,
): Promise<RunningOperator[]> {
  // Processes are not looked at: tasks that only speak to a cluster may not.
  return (await servicesOf(cluster, context)).flatMap((service) => {
    const name = operatorNames.find((each) => each === service.name);
    if (name === undefined) return [];
    return [{ name, namespace: service.account?.namespace ?? "", url: urlOf(service) }];
  });
}

/** Make what an operator needs in the cluster; definitions and a namespace that are there already are left alone. */
async function prepare(
  client: ClusterClient,
  operator: Operator,
  namespace: string,
  context: Context,
): Promise<void> {
  const { signal } = context;
  const kinds = operator.kinds.map((apiVersion) => ({
    apiVersion,
    kind: "Any",
    metadata: { name: "any" },
  }));
  // Operators ask for every kind of their release.
  const definitions = await crdManifests(kinds, context);
  const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await mapConcurrently(
    [place, ...definitions],
    atOnce,
    (manifest) => createIfAbsent(client, manifest, signal),
  );
  for (const manifest of operatorAccess(operator, namespace)) {
    await client.apply(manifest, { fieldManager, force: true, signal });
  }
  throwIfNotReady(
    await waitUntilReady(client, definitions.map(refOf), {
      signal,
      now: context.now,
      timeoutMs: 60_000,
    }),
  );
  client.forgetDiscovery();
  await makeRoomFor(operator.name, client, signal);
}

function urlOf({ listensAt: { address, port } }: Service): string {
  return `http://${address}:${port}`;
}
