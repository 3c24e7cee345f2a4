import { Buffer } from "node:buffer";

/** A request that the fake got. */
export interface FakeRequest {
  /** What it asks for, such as `PutObject`. */
  action: string;
  /** Key of the object; empty for requests about the bucket. */
  key: string;
  /** Its headers. */
  headers: Headers;
}

/** A small S3 on loopback, for what no real one does when it is asked to. */
export interface FakeS3 extends AsyncDisposable {
  /** Its URL. */
  endpoint: string;
  /** What it holds, by `bucket/key`. */
  objects: Map<string, Uint8Array<ArrayBuffer>>;
  /** Unfinished uploads by id. */
  uploads: Map<string, { key: string; parts: Map<number, Uint8Array<ArrayBuffer>>; at: Date }>;
  /** All requests, in order. */
  requests: FakeRequest[];
  /** Answer instead of the fake; undefined lets it answer itself. */
  intercept: (request: FakeRequest) => Response | Promise<Response | undefined> | undefined;
}

const xml = (body: string, status = 200) =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { "content-type": "application/xml" },
  });

/** An error as S3 answers it. */
export function s3Failure(code: string, status: number, message = code): Response {
  return xml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);
}

/** Start a fake with one bucket, `backups`. */
export function startFakeS3(): FakeS3 {
  const objects: FakeS3["objects"] = new Map();
  const uploads: FakeS3["uploads"] = new Map();
  const requests: FakeRequest[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      const [, bucket = "", ...rest] = url.pathname.split("/");
      const key = decodeURIComponent(rest.join("/"));
      const seen = {
        action: actionOf(request.method, key, url.searchParams),
        key,
        headers: request.headers,
      };
      const bytes = await request.bytes().catch(() => undefined);
      // Whoever sent it has gone.
      if (bytes === undefined) return s3Failure("IncompleteBody", 400);
      requests.push(seen);
      const given = await fake.intercept(seen);
      if (given !== undefined) return given;
      if (bucket !== "backups") return s3Failure("NoSuchBucket", 404);
      return answer(seen, url.searchParams, bytes);
    },
  );

  function answer(
    { action, key, headers }: FakeRequest,
    query: URLSearchParams,
    bytes: Uint8Array<ArrayBuffer>,
  ): Response {
    const id = query.get("uploadId") ?? "";
    const taken = headers.get("if-none-match") === "*" && objects.has(key);
    if (query.has("uploadId") && !uploads.has(id)) return s3Failure("NoSuchUpload", 404);
    switch (action) {
      case "PutObject":
        if (taken) return s3Failure("PreconditionFailed", 412);
        objects.set(key, bytes);
        return new Response(null, { headers: { etag: '"e"' } });
      case "GetObject": {
        const body = objects.get(key);
        return body === undefined ? s3Failure("NoSuchKey", 404) : new Response(body);
      }
      case "DeleteObject":
        objects.delete(key);
        return new Response(null, { status: 204 });
      case "ListObjectsV2":
        return listed(query);
      case "CreateMultipartUpload": {
        const fresh = crypto.randomUUID();
        uploads.set(fresh, { key, parts: new Map(), at: new Date() });
        return xml(`<R><UploadId>${fresh}</UploadId></R>`);
      }
      case "UploadPart":
        uploads.get(id)!.parts.set(Number(query.get("partNumber")), bytes);
        return new Response(null, { headers: { etag: `"${query.get("partNumber")}"` } });
      case "ListParts":
        return xml("<R></R>");
      case "AbortMultipartUpload":
        uploads.delete(id);
        return new Response(null, { status: 204 });
      case "CompleteMultipartUpload": {
        if (taken) return s3Failure("PreconditionFailed", 412);
        const parts = [...uploads.get(id)!.parts].sort(([a], [b]) => a - b);
        uploads.delete(id);
        objects.set(key, new Uint8Array(Buffer.concat(parts.map(([, part]) => part))));
        return xml("<R><ETag>e</ETag></R>");
      }
      case "ListMultipartUploads":
        return xml(
          `<R>${
            [...uploads].filter(([, { key }]) => key.startsWith(query.get("prefix") ?? ""))
              .map(([id, { key, at }]) =>
                `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at.toISOString()}</Initiated></Upload>`
              ).join("")
          }</R>`,
        );
      default:
        return s3Failure("NotImplemented", 501);
    }
  }

  /** Two objects a page, so that every list has pages. */
  function listed(query: URLSearchParams): Response {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const rest = keys.filter((key) => key > after);
    const page = rest.slice(0, 2);
    const next = rest.length > 2 ? page[1] : undefined;
    const encode = (key: string) => encodeURIComponent(key).replaceAll("%20", "+");
    return xml(
      `<ListBucketResult><EncodingType>url</EncodingType>${
        next === undefined
          ? "<IsTruncated>false</IsTruncated>"
          : `<IsTruncated>true</IsTruncated><NextContinuationToken>${
            escape(next)
          }</NextContinuationToken>`
      }${
        page.map((key) =>
          `<Contents><Key>${encode(key)}</Key><Size>${
            objects.get(key)!.length
          }</Size><LastModified>${new Date().toISOString()}</LastModified></Contents>`
        ).join("")
      }</ListBucketResult>`,
    );
  }

  const fake: FakeS3 = {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    objects,
    uploads,
    requests,
    intercept: () => undefined,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return fake;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function actionOf(method: string, key: string, query: URLSearchParams): string {
  if (key === "") return query.has("uploads") ? "ListMultipartUploads" : "ListObjectsV2";
  if (query.has("uploads")) return "CreateMultipartUpload";
  if (query.has("partNumber")) return "UploadPart";
  if (query.has("uploadId")) {
    return { POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload" }[method] ??
      "ListParts";
  }
  return { PUT: "PutObject", GET: "GetObject", DELETE: "DeleteObject" }[method] ?? method;
}
