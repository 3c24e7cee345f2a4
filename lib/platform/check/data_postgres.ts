import { zalandoOwnUsers } from "../data_names.ts";
import type { Mistake, Path } from "../mistake.ts";
import type {
  Platform,
  Postgres,
  PostgresServer,
  PostgresTls,
  WalArchive,
  ZalandoCluster,
} from "../types.ts";
import { refer } from "./reference.ts";
import { keysNeeded } from "./secret_keys.ts";

/**
 * What a name may be long with all that operators add to it. Sources: Postgres Operator, pkg/cluster/types.go,
 * the Service `<name>-pooler-repl`; CloudNativePG, internal/webhook, validateName.
 */
const longestName = { statefulset: 52, zalando: 51, cnpg: 50 } as const;

/** A Postgres server or cluster: its Secrets, its users, and what its operator asks for. */
export function checkPostgres(
  path: Path,
  name: string,
  options: Postgres,
  platform: Platform,
): Mistake[] {
  const longest = longestName[options.kind];
  return [
    ...(name.length > longest
      ? [{
        path,
        message: `${name.length} characters, expected at most ${longest}: ` +
          "names of its pods and Services are made by adding to it",
        atKey: true,
      }]
      : []),
    ...(options.kind === "statefulset"
      ? checkServer(path, options, platform)
      : checkArchive(path, options, platform)),
    ...(options.kind === "zalando" ? checkZalando(path, options, platform) : []),
    ...(options.kind === "cnpg" && options.synchronousStandbys >= options.instances
      ? [{
        path: [...path, "synchronousStandbys"],
        message: `${options.synchronousStandbys} of ${
          options.instances - 1
        } standbys, expected at most as many as there are`,
      }]
      : []),
  ];
}

function checkServer(path: Path, options: PostgresServer, platform: Platform): Mistake[] {
  const { secret, tls, namespace, parameters } = options;
  const needs = keysNeeded(namespace, platform);
  const own = ["port", "listen_addresses", ...(tls === undefined ? [] : tlsParameters)];
  return [
    ...needs([...path, "secret"], "name", secret.name, {
      userKey: secret.userKey,
      passwordKey: secret.passwordKey,
    }),
    ...(tls === undefined ? [] : checkTls([...path, "tls"], tls, namespace, platform)),
    ...own.filter((setting) => setting in parameters).map((setting) => ({
      path: [...path, "parameters", setting],
      message: "set by the platform itself, expected another setting",
      atKey: true,
    })),
  ];
}

const tlsParameters = ["ssl", "ssl_cert_file", "ssl_key_file", "ssl_ca_file", "hba_file"];

function checkTls(
  path: Path,
  { secret, vaultAgent }: PostgresTls,
  namespace: string,
  platform: Platform,
): Mistake[] {
  const files = ["tls.crt", "tls.key", "ca.crt"];
  if (secret !== undefined) {
    return keysNeeded(namespace, platform)(path, "secret", secret, { secret: undefined });
  }
  return files.filter((file) => !(file in vaultAgent!.files)).map((file) => ({
    path: [...path, "vaultAgent", "files"],
    message: `no file is called ${file}, expected ${files.join(", ")}`,
  }));
}

function checkArchive(
  path: Path,
  { namespace, walArchive }: { namespace: string; walArchive?: WalArchive },
  platform: Platform,
): Mistake[] {
  if (walArchive === undefined) return [];
  const { secret } = walArchive;
  return keysNeeded(namespace, platform)([...path, "walArchive", "secret"], "name", secret.name, {
    accessKeyKey: secret.accessKeyKey,
    secretKeyKey: secret.secretKeyKey,
  });
}

function checkZalando(path: Path, options: ZalandoCluster, platform: Platform): Mistake[] {
  const { users, databases, namespace, instances, synchronous } = options;
  const mistakes: Mistake[] = [
    ...Object.entries(databases).flatMap(([database, owner]) =>
      refer([...path, "databases", database], owner, Object.keys(users), "user of the cluster")
    ),
    ...Object.entries(users).flatMap(([user, { secretNamespace }]) => [
      ...(secretNamespace === undefined ? [] : refer(
        [...path, "users", user, "secretNamespace"],
        secretNamespace,
        Object.keys(platform.namespaces),
        "namespace",
      )),
      ...(zalandoOwnUsers.includes(user)
        ? [{
          path: [...path, "users", user],
          message: "made by the operator, expected another name",
          atKey: true,
        }]
        : []),
    ]),
  ];
  if (synchronous && instances < 2) {
    mistakes.push({
      path: [...path, "synchronous"],
      message: "there is no standby that a commit could wait for, expected 2 instances or more",
    });
  }
  // Source: Postgres Operator, `spilo_allow_privilege_escalation`: without it, no base backup is made.
  if (platform.namespaces[namespace]?.podSecurity === "restricted") {
    mistakes.push({
      path: [...path, "namespace"],
      message: `namespace ${namespace} enforces restricted, which refuses Spilo's pods, ` +
        "expected podSecurity: baseline there",
    });
  }
  return mistakes;
}
