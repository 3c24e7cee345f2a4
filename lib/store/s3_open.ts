import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../core/context.ts";
import { readSettingFile } from "../core/setting.ts";
import { patienceOf } from "./patience.ts";
import { createS3Store } from "./s3.ts";
import { createStoreClock } from "./s3_clock.ts";
import { s3Credentials } from "./s3_credentials.ts";
import { createPersist } from "./s3_retry.ts";
import { type S3Address, withSurroundings } from "./s3_address.ts";
import { createS3Transport } from "./s3_transport.ts";
import type { Store } from "./store.ts";

/** What is asked of the world to open a bucket. */
export type StoreWorld = Pick<Context, "env" | "cwd" | "redactor">;

/** Variables that name proxies. Source: Deno, environment variables. */
const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/**
 * A store of S3, with what the environment says of it.
 *
 * @throws {UsageError} when credentials lack, or a file that the environment names cannot be read
 */
export async function openS3Store(given: S3Address, world: StoreWorld): Promise<Store> {
  const { env } = world;
  const address = withSurroundings(given, env);
  const { endpoint, region, pathStyle } = address;
  const ca = await readSettingFile("AWS_CA_BUNDLE", world);
  const clock = createStoreClock();
  const patience = patienceOf(env);
  const transport = createS3Transport({
    caCerts: ca === undefined ? [] : [ca],
    clock,
    silentMs: patience.silentMs,
    byProxy: proxies.some((name) => Boolean(env(name) ?? env(name.toLowerCase()))),
  });
  const client = new S3Client({
    ...endpoint === undefined ? {} : { endpoint },
    region,
    forcePathStyle: pathStyle,
    credentials: await s3Credentials(world),
    // What is tried again is decided here, so that an interruption ends the waiting too.
    maxAttempts: 1,
    // Some stores do not know the checksums that AWS added to its own; this is how its tools turn them off.
    requestChecksumCalculation: env("AWS_REQUEST_CHECKSUM_CALCULATION") === "when_required"
      ? "WHEN_REQUIRED"
      : "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: transport,
    // Files of the AWS tools must not change what the environment says.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    defaultsMode: "standard",
  });
  return createS3Store(client, address, {
    clock,
    persist: createPersist(patience.retryMs),
    closeIdle: transport.closeIdle,
  });
}
