import { createHash, createHmac } from "node:crypto";

/**
 * Keys of MinIO that may do what a policy says and no more, for an hour.
 * Source: MinIO, docs/sts/assume-role.md; AWS, "Signature Version 4".
 */
export async function keysWith(
  policy: unknown,
  { endpoint, env }: { endpoint: string; env: Record<string, string> },
): Promise<Record<string, string>> {
  const body = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    DurationSeconds: "3600",
    Policy: JSON.stringify(policy),
  }).toString();
  const { host } = new URL(endpoint);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const request = [
    ...["POST", "/", "", `host:${host}`, `x-amz-date:${time}`, "", "host;x-amz-date"],
    sha256(body),
  ].join("\n");
  const secret = `AWS4${env["AWS_SECRET_ACCESS_KEY"]}`;
  const key = scope.split("/").reduce<string | Uint8Array>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    secret,
  );
  const signature = createHmac("sha256", key)
    .update(["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n")).digest("hex");
  const response = await fetch(endpoint, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-amz-date": time,
      authorization: `AWS4-HMAC-SHA256 Credential=${
        env["AWS_ACCESS_KEY_ID"]
      }/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    },
  });
  const text = await response.text();
  const of = (name: string) => {
    const [, value] = new RegExp(`<${name}>(.*?)</${name}>`).exec(text) ?? [];
    if (value === undefined) throw new Error(`MinIO gives no ${name}: ${text}`);
    return value;
  };
  return {
    ...env,
    AWS_ACCESS_KEY_ID: of("AccessKeyId"),
    AWS_SECRET_ACCESS_KEY: of("SecretAccessKey"),
    AWS_SESSION_TOKEN: of("SessionToken"),
  };
}
