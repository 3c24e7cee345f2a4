import { UsageError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";

/** A MongoDB, and who logs in. */
export interface MongodbTarget {
  /** Its connection string, without a password and without a database: all of the server is meant. */
  uri: string;
  /** The password; absent where there is none, or the mechanism needs none. */
  password?: string;
  /** Its hosts, as the connection string has them: `db-0:27017,db-1:27017`. */
  hosts: string;
  /** Name of its replica set, where the connection string has one. */
  replicaSet?: string;
}

/** What a connection string itself does not say. */
export interface MongodbLogin {
  /** Name of the user, where the connection string has none. */
  user?: string;
  /** The password, where the connection string has none. */
  password?: string;
}

/** Options of a connection string that are secrets, which the tools take nowhere else. */
const secretOptions = [
  "tlsCertificateKeyFilePassword",
  "sslClientCertificateKeyPassword",
  "proxyPassword",
];

/** Mechanisms by which the tools never ask for a password. Source: mongo-tools, common/options, ShouldAskForPassword. */
const withoutPassword = ["MONGODB-X509", "GSSAPI", "MONGODB-OIDC"];

/**
 * Read a connection string. The database in its path is only taken for where the user is, which is what it means when
 * nothing else says so: the tools would take it for the only one that is wanted. The redactor knows its secrets when
 * this returns. Source: MongoDB, "Connection Strings".
 *
 * @throws {UsageError} when it is none, or needs a secret that would have to stand on a command line
 */
export function readMongodbTarget(
  text: string,
  login: MongodbLogin,
  { redactor }: { redactor: Redactor },
): MongodbTarget {
  const found = /^(mongodb(?:\+srv)?):\/\/(?:(.*)@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(
    text.trim(),
  );
  // What is wrong may be that its password is not encoded, so the text itself is not shown.
  if (found === null) {
    throw wrong("it is no connection string");
  }
  const [, scheme, userinfo = "", hosts = "", path = "", query = ""] = found;
  const colon = userinfo.indexOf(":");
  const encoded = colon < 0 ? undefined : userinfo.slice(colon + 1);
  if (encoded !== undefined) redactor.add(encoded);
  const user = decoded(colon < 0 ? userinfo : userinfo.slice(0, colon)) || login.user;
  const password = encoded === undefined ? login.password : decoded(encoded);
  if (password !== undefined) redactor.add(password);

  const options = new URLSearchParams(query);
  const has = (name: string) =>
    [...options].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const secret = secretOptions.find((name) => has(name) !== undefined) ??
    (has("authMechanismProperties")?.includes("AWS_SESSION_TOKEN")
      ? "authMechanismProperties"
      : undefined);
  if (secret !== undefined) {
    redactor.add(has(secret)!);
    throw wrong(
      `its option ${secret} is a secret, which mongodump takes only on its command line`,
      "use a key file without a password, readable by this user only, or a user with a password",
    );
  }
  const needsPassword = !withoutPassword.includes(has("authMechanism") ?? "");
  if (user !== undefined && needsPassword) checkPassword(user, password);
  if (path !== "" && user !== undefined && has("authSource") === undefined) {
    options.set("authSource", decoded(path));
  }
  const settings = options.size === 0 ? "" : `?${options}`;
  const who = user === undefined ? "" : `${encodeURIComponent(user)}@`;
  const replicaSet = has("replicaSet");
  return {
    uri: `${scheme}://${who}${hosts}/${settings}`,
    ...user !== undefined && needsPassword ? { password: password! } : {},
    hosts,
    ...replicaSet === undefined ? {} : { replicaSet },
  };
}

/** Bytes at which the tools think that a password has ended, or take back a letter. Source: mongo-tools, common/password. */
// deno-lint-ignore no-control-regex
const unreadable = /[\0\x03\x04\x08\n\r\x7f]/;

function checkPassword(user: string, password: string | undefined): void {
  if (password === undefined || password === "") {
    throw wrong(
      `there is no password of the user ${user}`,
      "give it as MONGODB_PASSWORD in the environment, or MONGODB_PASSWORD_FILE as the path of a file that holds it",
    );
  }
  if (unreadable.test(password)) {
    throw wrong(
      `the password of the user ${user} has control characters, which mongodump cannot read`,
      "give that user another password",
    );
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong("a percent sign in its user, password or database stands for nothing");
  }
}

function wrong(because: string, remedy?: string): UsageError {
  return new UsageError(`Cannot connect to MongoDB: ${because}`, {
    remedy: remedy ??
      "write it as mongodb://user@host:27017/?replicaSet=rs0&authSource=admin, with what is special in names percent-encoded",
  });
}
