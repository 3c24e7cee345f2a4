import {
  componentLabels,
  dataPorts,
  exporterPorts,
  mongodbService,
  podHost,
} from "../../../lib/platform/data_names.ts";
import type {
  EnvValue,
  Mongodb,
  Probe,
  SideContainer,
  Workload,
} from "../../../lib/platform/types.ts";
import script from "./scripts/mongodb_members.mongosh" with { type: "text" };
import { claim, copyResources, type DataParts, exporterProbes, several } from "./parts.ts";

const keyFolder = "/run/mongodb";

/** Mounted by the init container that copies the key, and by the server. */
const keyMount = { [keyFolder]: { emptyDir: { sizeLimit: "1Mi", name: "keyfile" } } };

/** A MongoDB replica set. Source: MongoDB, "Deploy Replica Set With Keyfile Authentication". */
export function mongodb(name: string, options: Mongodb): DataParts {
  const config = `${name}-members`;
  return {
    workloads: { [name]: members(name, options, config) },
    configMaps: {
      [config]: {
        namespace: options.namespace,
        data: { "members.js": script, "members.json": settings(name, options) },
      },
    },
  };
}

/** What the script brings about: members and users, without their passwords. */
function settings(name: string, options: Mongodb): string {
  const { members, namespace, replicaSet, users } = options;
  return `${
    JSON.stringify(
      {
        replicaSet,
        hosts: Array.from(
          { length: members },
          (_, index) => `${podHost(name, index, namespace)}:${dataPorts.mongodb}`,
        ),
        users: Object.entries(users).map(([user, { database, roles }]) => ({
          user,
          database,
          roles: roles.map((role) => {
            const [plain, db = database] = role.split("@");
            return { role: plain, db };
          }),
        })),
      },
      undefined,
      2,
    )
  }\n`;
}

function members(name: string, options: Mongodb, config: string): Workload {
  const { exporter, secret } = options;
  const ports = { mongodb: dataPorts.mongodb };
  return {
    kind: "StatefulSet",
    namespace: options.namespace,
    labels: componentLabels("mongodb", name, "server"),
    container: "mongodb",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    command: ["mongod"],
    args: [
      "--replSet",
      options.replicaSet,
      "--bind_ip_all",
      "--port",
      String(dataPorts.mongodb),
      "--dbpath",
      "/data/db",
      "--keyFile",
      `${keyFolder}/keyfile`,
    ],
    replicas: options.members,
    // All at once: members elect a primary among each other, and a lost first one must not hold up the rest.
    podManagementPolicy: "Parallel",
    resources: options.resources,
    ports,
    services: {
      [mongodbService(name, options)]: {
        ports: { ...ports, ...(exporter && { metrics: exporterPorts.mongodb }) },
      },
    },
    // mongosh, by which the probe asks, keeps its history at home.
    env: { HOME: "/tmp" },
    mounts: {
      "/data/db": { volumeClaim: "data" },
      "/tmp": { emptyDir: { sizeLimit: "256Mi" } },
      ...keyMount,
    },
    volumeClaims: { data: claim(options.storage) },
    initContainers: {
      // mongod refuses a key that others than its own user could read, as all files of a mounted Secret can be.
      keyfile: {
        image: options.image,
        command: ["sh", "-c", `umask 077 && cat /secret/keyfile > ${keyFolder}/keyfile`],
        mounts: {
          "/secret": { secret: secret.name, items: { [secret.keyfileKey]: "keyfile" } },
          ...keyMount,
        },
        resources: copyResources,
      },
    },
    sidecars: {
      members: reconciler(options, config),
      ...(exporter && { exporter: exporterOf(options) }),
    },
    probes: {
      startup: { tcp: true, port: "mongodb", periodSeconds: 5, failureThreshold: 120 },
      liveness: { tcp: true, port: "mongodb", timeoutSeconds: 5, failureThreshold: 6 },
      // A member that still copies is not ready, so that a rollout does not go on to the next one too early.
      readiness: isMember(),
    },
    // A primary that steps down waits for a secondary to catch up.
    terminationGracePeriodSeconds: 60,
    metrics: exporter && { port: "metrics" },
    runAs: options.runAs,
    backup: options.backup,
    ...several(options.members, options.spread),
  };
}

function isMember(): Probe {
  const expression = "const { isWritablePrimary, secondary } = db.hello(); " +
    "quit(isWritablePrimary || secondary ? 0 : 1)";
  return {
    exec: ["mongosh", "--quiet", "--norc", "--eval", expression],
    // Each try starts a JavaScript engine.
    periodSeconds: 20,
    timeoutSeconds: 15,
  };
}

/** A file whose time says when the script was last begun. */
const alive = "/tmp/alive";

/** Runs the script until it has nothing left to do, then waits for the pod's end. */
function reconciler({ image, secret, users }: Mongodb, config: string): SideContainer {
  const passwords = Object.values(users).map((user, index): [string, EnvValue] => [
    `USER_PASSWORD_${index}`,
    { secret: secret.name, key: user.passwordKey },
  ]);
  return {
    image,
    command: [
      "sh",
      "-c",
      "trap 'exit 0' TERM INT\n" +
      `until touch ${alive} && mongosh --nodb --quiet --norc /scripts/members.js; ` +
      "do sleep 5 & wait $!; done\n" +
      `while touch ${alive}; do sleep 60 & wait $!; done`,
    ],
    env: {
      HOME: "/tmp",
      POD_NAME: { field: "metadata.name" },
      ROOT_USER: { secret: secret.name, key: secret.userKey },
      ROOT_PASSWORD: { secret: secret.name, key: secret.passwordKey },
      ...Object.fromEntries(passwords),
    },
    mounts: { "/scripts": { config }, "/tmp": { emptyDir: { sizeLimit: "64Mi" } } },
    probes: {
      // A try that hangs, such as one that waits for another member for ever, is ended by this.
      liveness: {
        exec: ["sh", "-c", `test -n "$(find ${alive} -mmin -5)"`],
        initialDelaySeconds: 30,
        periodSeconds: 60,
        timeoutSeconds: 5,
      },
    },
    // mongosh needs the memory for the seconds that it runs.
    resources: {
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "384Mi" },
    },
  };
}

/** Source: Percona MongoDB Exporter, its options. */
function exporterOf({ exporter, secret, users }: Mongodb): SideContainer {
  const user = users[exporter!.user];
  return {
    image: exporter!.image,
    args: [
      "--collector.replicasetstatus",
      "--collector.dbstats",
      "--collector.diagnosticdata",
      `--web.listen-address=:${exporterPorts.mongodb}`,
    ],
    ports: { metrics: exporterPorts.mongodb },
    env: {
      MONGODB_URI: `mongodb://127.0.0.1:${dataPorts.mongodb}/?authSource=${
        user?.database ?? "admin"
      }`,
      MONGODB_USER: exporter!.user,
      ...(user && { MONGODB_PASSWORD: { secret: secret.name, key: user.passwordKey } }),
    },
    probes: exporterProbes,
    resources: exporter!.resources,
  };
}
