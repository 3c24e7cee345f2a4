import { z } from "zod";
import { sourceNames } from "../secret_source.ts";
import * as part from "./parts.ts";

const vault = z.strictObject({
  server: part.url,
  path: z.string().min(1),
  version: z.enum(["v1", "v2"]),
  authMountPath: z.string().min(1),
  role: z.string().min(1),
  serviceAccount: part.name.optional(),
  caSecret: part.keyOfSecret.optional(),
});

const aws = z.strictObject({
  region: part.text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
  service: z.enum(["SecretsManager", "ParameterStore"]),
  role: part.text(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, "the ARN of an IAM role").optional(),
  serviceAccount: part.name.optional(),
  credentials: z.strictObject({
    secret: part.name,
    accessKeyIdKey: part.dataKey,
    secretAccessKeyKey: part.dataKey,
  }).optional(),
}).superRefine(part.exactlyOneOf("serviceAccount", "credentials"));

const uuid = part.text(
  /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  "an id such as 00000000-1111-2222-3333-444444444444",
);

const azure = z.strictObject({
  vaultUrl: part.url,
  tenantId: uuid,
  clientId: uuid.optional(),
  serviceAccount: part.name.optional(),
  credentials: z.strictObject({
    secret: part.name,
    clientIdKey: part.dataKey,
    clientSecretKey: part.dataKey,
  }).optional(),
}).superRefine(part.exactlyOneOf("serviceAccount", "credentials"));

const gcp = z.strictObject({
  projectId: part.text(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, "a project id such as acme-production"),
  workloadIdentity: z.strictObject({
    clusterName: part.name,
    clusterLocation: z.string().min(1),
    serviceAccount: part.name,
    googleServiceAccount: part.email,
  }).optional(),
  credentials: z.strictObject({ secret: part.name, key: part.dataKey }).optional(),
}).superRefine(part.exactlyOneOf("workloadIdentity", "credentials"));

const shape = z.strictObject({
  scope: z.enum(["namespace", "cluster"]).default("namespace"),
  namespace: part.name,
  usableFrom: z.array(part.name).min(1).optional(),
  use: z.enum(sourceNames).optional().describe("Which source, where several are given"),
  vault: vault.optional(),
  aws: aws.optional(),
  azure: azure.optional(),
  gcp: gcp.optional(),
});

const exactlyOne = part.exactlyOneOf<z.output<typeof shape>>(...sourceNames);

/** @ignore */
export const secretStore = shape.superRefine((store, context) => {
  if (store.use === undefined) return exactlyOne(store, context);
  if (store[store.use] !== undefined) return;
  context.addIssue({
    code: "custom",
    path: ["use"],
    message: `${store.use}, expected one of the sources that are given: ${
      sourceNames.filter((source) => store[source] !== undefined).join(", ") || "none"
    }`,
  });
});
