import { UsageError } from "../core/errors.ts";

/** Where a store of S3 is. */
export interface S3Address {
  /** Name of the bucket. */
  bucket: string;
  /** What all names begin with; empty, or without a slash at its end. */
  prefix: string;
  /** URL of the S3 API. @default that of AWS in the region */
  endpoint?: string;
  /** Region of the bucket. @default `us-east-1`, which servers other than AWS's take too */
  region?: string;
  /** Put the bucket into the path and not the host. @default true where there is an endpoint */
  pathStyle?: boolean;
}

/**
 * Endpoint and region of a store, where its URL does not say: those that the tools of AWS find in the environment.
 *
 * @throws {UsageError} when the environment names an endpoint that is no URL
 */
export function withSurroundings(
  address: S3Address,
  env: (name: string) => string | undefined,
): S3Address & { region: string; pathStyle: boolean } {
  const variable = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].find((name) => env(name));
  const endpoint = address.endpoint ?? (variable && env(variable));
  if (address.endpoint === undefined && variable !== undefined && !isHttp(endpoint)) {
    throw new UsageError(`Cannot open the store: ${variable} is no http:// or https:// URL`, {
      remedy: "write it with its scheme, such as https://minio.example.org:9000",
    });
  }
  return {
    ...address,
    ...endpoint === undefined ? {} : { endpoint },
    region: address.region ?? env("AWS_REGION") ?? env("AWS_DEFAULT_REGION") ?? "us-east-1",
    pathStyle: address.pathStyle ?? endpoint !== undefined,
  };
}

function isHttp(endpoint: string | undefined): boolean {
  return /^https?:$/.test(URL.parse(endpoint ?? "")?.protocol ?? "");
}

const parameters = ["endpoint", "region", "pathStyle"];

/**
 * Read an `s3://bucket/prefix?endpoint=…&region=…&pathStyle=…`.
 *
 * @throws {UsageError} when it is malformed, or names credentials
 */
export function s3Address(
  text: string,
  defaults: Pick<S3Address, "endpoint" | "region" | "pathStyle"> = {},
): S3Address {
  const url = URL.parse(text);
  // What is wrong may be that it has credentials, so the text itself is not shown.
  const wrong = (because: string, remedy?: string) =>
    new UsageError(`Cannot open the store ${withoutSecrets(text)}: ${because}`, {
      remedy: remedy ?? "write it as s3://bucket/prefix?endpoint=https://…&region=…",
    });
  if (url === null || url.protocol !== "s3:") throw wrong("it is no s3:// URL");
  if (url.username !== "" || url.password !== "") {
    throw wrong(
      "it has credentials",
      "give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
    );
  }
  for (const key of url.searchParams.keys()) {
    if (!parameters.includes(key)) {
      throw wrong(`it has the parameter "${key}", wanted one of ${parameters.join(", ")}`);
    }
  }
  const bucket = url.host;
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i.test(bucket)) {
    throw wrong(`"${bucket}" is no bucket's name`);
  }
  const endpoint = url.searchParams.get("endpoint") ?? defaults.endpoint;
  if (endpoint !== undefined && !isHttp(endpoint)) {
    throw wrong("its endpoint is no http:// or https:// URL");
  }
  const pathStyle = url.searchParams.get("pathStyle");
  if (pathStyle !== null && pathStyle !== "true" && pathStyle !== "false") {
    throw wrong(`pathStyle is "${pathStyle}", wanted true or false`);
  }
  const region = url.searchParams.get("region") ?? defaults.region;
  return {
    bucket,
    prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ""),
    ...endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/+$/, "") },
    ...region === undefined ? {} : { region },
    ...pathStyle === null
      ? defaults.pathStyle === undefined ? {} : { pathStyle: defaults.pathStyle }
      : { pathStyle: pathStyle === "true" },
  };
}

function withoutSecrets(text: string): string {
  return text.replace(/\?.*$/s, "?…").replace(/\/\/[^/]*@/, "//…@");
}
