import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import { freePort } from "../../lib/local/ports.ts";
import { lastLines, startProcess, stopProcess } from "../../lib/local/process.ts";
import { hostContext } from "../context.ts";
import { serverCertificate } from "./vault_process.ts";

/** A real MinIO with one bucket, `backups`, on loopback. */
export interface MinioProcess extends AsyncDisposable {
  /** URL of its S3 API. */
  endpoint: string;
  /** Variables of the environment with the credentials of its root user, and its authority. */
  env: Record<string, string>;
  /** Path of a file with the authority of its certificate; undefined over HTTP. */
  caFile: string | undefined;
  /** Keys of uploads of an object that nobody has finished. */
  unfinished(key: string): Promise<string[]>;
}

/** How a MinIO of a test is to be. */
export interface MinioOptions {
  /** Serve HTTPS with an authority of its own. @default false */
  tls?: boolean;
  /** Take the first part of a host below this domain for the name of a bucket. */
  domain?: string;
  /** Where it listens. @default a free port on 127.0.0.1 */
  listen?: { host: string; port: number };
  /** Buckets that it has besides. */
  buckets?: readonly string[];
}

/** Give a test a real MinIO; it and its data are gone afterwards. */
export async function withMinio(
  work: (minio: MinioProcess) => Promise<void>,
  options: MinioOptions = {},
): Promise<void> {
  await using minio = await startMinio(options);
  await work(minio);
}

/** Start a real MinIO. Disposing it ends it and removes its data. */
export async function startMinio(
  { tls = false, domain, listen, buckets = [] }: MinioOptions = {},
): Promise<MinioProcess> {
  const program = await programPath("minio", hostContext());
  const folder = await Deno.makeTempDir({ prefix: "slipway-minio-" });
  const [certificates, data] = [`${folder}/certs`, `${folder}/data`];
  await Deno.mkdir(certificates);
  await Deno.mkdir(data);
  let caFile: string | undefined;
  if (tls) {
    const { cert, key, ca } = await serverCertificate(["127.0.0.1", "localhost"]);
    caFile = `${folder}/ca.crt`;
    await Deno.writeTextFile(caFile, ca);
    await Deno.writeTextFile(`${certificates}/public.crt`, cert);
    await Deno.writeTextFile(`${certificates}/private.key`, key, { mode: 0o600 });
  }
  const { host, port } = listen ?? { host: "127.0.0.1", port: freePort() };
  const secret = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const running = await startProcess({
    command: [
      ...[program, "server", "--quiet", "--address", `${host}:${port}`],
      ...["--console-address", `127.0.0.1:${freePort()}`, "--certs-dir", certificates, data],
    ],
    env: {
      HOME: folder,
      MINIO_ROOT_USER: "root-user",
      MINIO_ROOT_PASSWORD: secret,
      ...domain === undefined ? {} : { MINIO_DOMAIN: domain },
    },
    cwd: folder,
    logFile: `${folder}/minio.log`,
  });
  const endpoint = `${tls ? "https" : "http"}://${host}:${port}`;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "root-user", secretAccessKey: secret },
    maxAttempts: 1,
    requestHandler: {
      httpsAgent: caFile === undefined ? {} : { ca: await Deno.readTextFile(caFile) },
    },
  });
  const close = async () => {
    client.destroy();
    await stopProcess(running, { graceMs: 5_000 });
    // Gone from the table of processes is not yet seen by this one, and counts as a leak.
    await running.ended;
    await Deno.remove(folder, { recursive: true });
  };
  try {
    for (const deadline = performance.now() + 30_000;;) {
      try {
        await client.send(new CreateBucketCommand({ Bucket: "backups" }));
        break;
      } catch (error) {
        if (performance.now() > deadline) {
          const log = (await lastLines(`${folder}/minio.log`, 20)).join("\n");
          throw new Error(`MinIO does not answer: ${error}\n${log}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    for (const Bucket of buckets) await client.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint,
    caFile,
    env: {
      AWS_ACCESS_KEY_ID: "root-user",
      AWS_SECRET_ACCESS_KEY: secret,
      ...caFile === undefined ? {} : { AWS_CA_BUNDLE: caFile },
    },
    async unfinished(key) {
      // It lists the uploads of exactly one key, and none of a prefix.
      const { Uploads = [] } = await client.send(
        new ListMultipartUploadsCommand({ Bucket: "backups", Prefix: key }),
      );
      return Uploads.map(({ Key = "" }) => Key);
    },
    [Symbol.asyncDispose]: close,
  };
}
