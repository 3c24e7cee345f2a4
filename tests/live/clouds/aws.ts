import { claimsOf, type Cloud } from "./cloud.ts";

const address = "127.83.65.1";

/**
 * AWS' Security Token Service and Secrets Manager, which External Secrets is led to by variables. Signatures are not
 * verified; what comes without the session of its own is refused.
 * Source: AWS, API references of STS ("AssumeRoleWithWebIdentity") and Secrets Manager ("GetSecretValue").
 */
export function startAws(): Cloud {
  const secrets: Cloud["secrets"] = new Map();
  const asked: string[] = [];
  const sts = Deno.serve({ hostname: address, port: 0, onListen: () => {} }, async (request) => {
    const form = new URLSearchParams(await request.text());
    const token = claimsOf(form.get("WebIdentityToken") ?? "");
    asked.push(`${form.get("Action")} ${form.get("RoleArn")} as ${token.sub} for ${token.aud}`);
    const expiration = Temporal.Now.instant().add({ hours: 1 }).toString();
    return new Response(
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
         <AssumeRoleWithWebIdentityResult><Credentials>
           <AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>test</SecretAccessKey>
           <SessionToken>session</SessionToken><Expiration>${expiration}</Expiration>
         </Credentials></AssumeRoleWithWebIdentityResult>
       </AssumeRoleWithWebIdentityResponse>`,
      { headers: { "content-type": "text/xml" } },
    );
  });
  const refuse = (type: string, message: string) =>
    Response.json({ __type: type, message }, {
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
    });
  const manager = Deno.serve(
    { hostname: address, port: 0, onListen: () => {} },
    async (request) => {
      const target = request.headers.get("x-amz-target");
      const { SecretId } = await request.json();
      asked.push(`${target} ${SecretId}`);
      if (request.headers.get("x-amz-security-token") !== "session") {
        return refuse("UnrecognizedClientException", "The security token is invalid");
      }
      if (target !== "secretsmanager.GetSecretValue") return refuse("InvalidAction", "no such");
      const secret = secrets.get(SecretId);
      if (secret === undefined) {
        return refuse("ResourceNotFoundException", "Secrets Manager can't find the secret.");
      }
      return Response.json({
        ARN: `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${SecretId}`,
        Name: SecretId,
        SecretString: JSON.stringify(secret),
        VersionId: crypto.randomUUID(),
        VersionStages: ["AWSCURRENT"],
      }, { headers: { "content-type": "application/x-amz-json-1.1" } });
    },
  );
  return {
    use: "aws",
    secrets,
    asked,
    hosts: {},
    env: {
      AWS_STS_ENDPOINT: `http://${address}:${sts.addr.port}`,
      AWS_SECRETSMANAGER_ENDPOINT: `http://${address}:${manager.addr.port}`,
      // No machine of AWS is asked who it is.
      AWS_EC2_METADATA_DISABLED: "true",
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([sts.shutdown(), manager.shutdown()]);
    },
  };
}
