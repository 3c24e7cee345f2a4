import type { Resources, SecretKey } from "./container.ts";
import type { Dashboard } from "./dashboards.ts";

/** Grafana, with its data sources and dashboards. */
export interface Grafana {
  /** Image of Grafana. */
  image: string;
  /** Number of pods; more than one need a `database`. */
  replicas: number;
  /** What a pod is promised, and what it may use at most. */
  resources: Resources;
  /** Host name under which people reach it; its route is one of the platform's `routes`. */
  host: string;
  /** Password of the administrator, whose name is admin. */
  admin: SecretKey;
  /** PostgreSQL database that its pods share; each keeps its own until it ends when absent. */
  database?: GrafanaDatabase;
  /** Single sign-on by OAuth 2.0. */
  sso?: GrafanaSso;
  /** Trust the user that a proxy in front has authenticated. */
  authProxy?: GrafanaAuthProxy;
  /** Dashboards, by name. */
  dashboards: Record<string, Dashboard>;
}

/** A PostgreSQL database for Grafana's users and sessions. */
export interface GrafanaDatabase {
  /** Host and port, such as `grafana-postgres.data.svc:5432`. */
  host: string;
  /** Name of the database. */
  name: string;
  /** Secret with the credentials. */
  secret: string;
  /** Key of the user name. @default username */
  userKey: string;
  /** Key of the password. @default password */
  passwordKey: string;
  /** What is asked of the connection. Source: PostgreSQL, libpq SSL modes. @default require */
  sslMode: "disable" | "require" | "verify-ca" | "verify-full";
}

/** Single sign-on by an OAuth 2.0 provider. */
export interface GrafanaSso {
  /** Name of the provider, as the button shows it. */
  name: string;
  /** Secret with the client's credentials. */
  secret: string;
  /** Key of the client id. @default client-id */
  clientIdKey: string;
  /** Key of the client secret. @default client-secret */
  clientSecretKey: string;
  /** Where people log in. */
  authUrl: string;
  /** Where Grafana gets tokens. */
  tokenUrl: string;
  /** Where Grafana asks who it is. */
  apiUrl: string;
  /** What is asked for. @default openid, profile and email */
  scopes: string[];
  /** JMESPath expression that gives the role: Admin, Editor or Viewer. */
  roleAttributePath?: string;
  /** Refuse people for whom `roleAttributePath` gives no role. @default false */
  roleAttributeStrict?: boolean;
}

/** A proxy that authenticates people in front of Grafana, and nobody else may reach Grafana. */
export interface GrafanaAuthProxy {
  /** Header with the user's name, such as `X-Forwarded-User`. */
  header: string;
  /** Role that people have who come for the first time. @default Viewer */
  role: "Viewer" | "Editor" | "Admin";
}
