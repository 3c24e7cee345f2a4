import type { Manifest } from "../../../lib/core/object.ts";
import {
  dataLabels,
  dataPorts,
  type DataProgram,
  poolerLabels,
  postgresLabels,
} from "../../../lib/platform/data_names.ts";
import type { Platform, Postgres } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { NetworkPolicy } from "../types.ts";

/** Port on which members of a Patroni cluster ask each other. Source: Spilo, `APIPORT`. */
const patroniPort = 8008;

/**
 * NetworkPolicies, where a namespace denies by default, for connections without which data stores are none: of
 * their members to each other, and of their poolers and Jobs to them. What else connects is for flows to say.
 */
export function memberPolicies(platform: Platform): Manifest[] {
  const { mongodb, redis, minio, postgres } = platform;
  const policies = [
    ...Object.entries(postgres).flatMap(([name, options]) => ofCluster(name, options)),
    ...ofPrograms("mongodb", mongodb, [dataPorts.mongodb]),
    ...ofPrograms("redis", redis, [dataPorts.redis, dataPorts.sentinel]),
    ...ofPrograms("minio", minio, [dataPorts.minio]),
  ];
  return policies.filter(({ metadata }) =>
    platform.namespaces[metadata.namespace!]?.defaultDeny === true
  );
}

function ofPrograms(
  program: DataProgram,
  section: Readonly<Record<string, { namespace: string }>>,
  ports: readonly number[],
): Manifest[] {
  return Object.entries(section).map(([name, { namespace }]) => {
    const labels = dataLabels(program, name);
    return policy(`${name}-among-members`, namespace, labels, {
      from: [labels],
      to: [labels],
      ports,
    });
  });
}

function ofCluster(name: string, options: Postgres): Manifest[] {
  if (options.kind === "statefulset") return [];
  const { kind, namespace, pooler } = options;
  const servers = postgresLabels(name, options);
  const poolers = pooler === undefined ? [] : [poolerLabels(name, options)];
  const ports = kind === "zalando" ? [dataPorts.postgres, patroniPort] : [dataPorts.postgres];
  return [
    policy(`${name}-among-members`, namespace, servers, {
      from: [servers, ...poolers],
      to: [servers],
      ports,
    }),
    ...poolers.map((labels) =>
      policy(`${name}-pooler-to-members`, namespace, labels, { from: [], to: [servers], ports })
    ),
  ];
}

/** Lets some pods in, and the selected ones out to some; all of them in the same namespace. */
function policy(
  name: string,
  namespace: string,
  selected: Record<string, string>,
  { from, to, ports }: {
    from: readonly Record<string, string>[];
    to: readonly Record<string, string>[];
    ports: readonly number[];
  },
): Manifest {
  const peers = (all: readonly Record<string, string>[]) =>
    all.map((matchLabels) => ({ podSelector: { matchLabels } }));
  const allowed = ports.map((port) => ({ protocol: "TCP" as const, port }));
  return define<NetworkPolicy>({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: selected },
      policyTypes: from.length === 0 ? ["Egress"] : ["Ingress", "Egress"],
      ingress: from.length === 0 ? undefined : [{ from: peers(from), ports: allowed }],
      egress: [{ to: peers(to), ports: allowed }],
    },
  });
}
