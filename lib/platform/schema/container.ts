import { z } from "zod";
import * as part from "./parts.ts";

const resourceList = z.strictObject({ cpu: part.quantity, memory: part.quantity });

/** @ignore */
export const resources = z.strictObject({ requests: resourceList, limits: resourceList });

/**
 * Why something unsafe must be.
 * @ignore
 */
export const reason = z.string().min(10, { error: "a reason that will still be understood later" });

/** @ignore */
export const because = z.strictObject({ because: reason });

/** @ignore */
export const runAs = z.strictObject({
  user: part.count,
  group: part.count,
  because: reason.optional(),
}).superRefine(({ user, because }, context) => {
  if (user > 0 || because !== undefined) return;
  context.addIssue({
    code: "custom",
    path: ["user"],
    message: "0 is root, expected a numeric id above 0, which Pod Security can see is not root, " +
      "or a reason as because",
  });
});

/** @ignore */
export const port = z.union([
  part.portNumber,
  z.strictObject({ port: part.portNumber, protocol: z.enum(["TCP", "UDP"]).optional() }),
]);

const probe = z.strictObject({
  path: part.absolutePath.optional(),
  tcp: z.literal(true).optional(),
  grpc: z.literal(true).optional(),
  exec: z.array(z.string()).min(1).optional(),
  port: part.portName.optional(),
  scheme: z.enum(["HTTP", "HTTPS"]).optional(),
  initialDelaySeconds: part.count.optional(),
  periodSeconds: part.atLeastOne.optional(),
  timeoutSeconds: part.atLeastOne.optional(),
  failureThreshold: part.atLeastOne.optional(),
}).superRefine(part.exactlyOneOf("path", "tcp", "grpc", "exec"));

/** @ignore */
export const probes = z.strictObject({
  liveness: probe.optional(),
  readiness: probe.optional(),
  startup: probe.optional(),
});

const podField = z.enum([
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.podIP",
  "status.podIPs",
]);

/** @ignore */
export const envValue = z.union([
  z.string(),
  z.strictObject({ secret: part.secretName, key: part.dataKey }),
  z.strictObject({ config: part.name, key: part.dataKey }),
  z.strictObject({ field: podField }),
]);

const emptyDir = z.strictObject({
  sizeLimit: part.quantity,
  medium: z.literal("Memory").optional(),
  name: part.name.optional(),
});

const hostPath = z.strictObject({
  path: part.absolutePath,
  type: z.enum([
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
    "CharDevice",
    "BlockDevice",
  ]).optional(),
  propagation: z.enum(["HostToContainer", "Bidirectional"]).optional(),
  because: reason,
});

/** A path within a volume, as the API server takes it: relative, and not upwards. */
const subPath = part.text(
  /^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/,
  "a relative path without .., such as data/app.conf",
);

const mount = z.strictObject({
  claim: part.name.optional(),
  volumeClaim: part.name.optional(),
  secret: part.secretName.optional(),
  config: part.name.optional(),
  emptyDir: emptyDir.optional(),
  hostPath: hostPath.optional(),
  items: z.record(part.dataKey, subPath).optional(),
  subPath: subPath.optional(),
  readOnly: z.boolean().optional(),
}).superRefine(
  part.exactlyOneOf("claim", "volumeClaim", "secret", "config", "emptyDir", "hostPath"),
);

/**
 * What every container says.
 * @ignore
 */
export const containerFields = {
  image: part.image,
  imagePullPolicy: z.enum(["Always", "IfNotPresent"]).optional(),
  command: z.array(z.string()).min(1).optional().describe("Program instead of the image's"),
  args: z.array(z.string()).optional().describe("Arguments instead of the image's"),
  env: z.record(part.envName, envValue).optional(),
  envFromSecrets: z.array(part.secretName).optional().describe(
    "Secrets whose every key becomes an environment variable",
  ),
  envFromConfigs: z.array(part.name).optional().describe(
    "ConfigMaps whose every key becomes an environment variable",
  ),
  mounts: z.record(part.absolutePath, mount).optional().describe(
    "What is mounted, by path in the container",
  ),
  resources,
  writableRoot: because.optional().describe("Why the root file system must be writable"),
  capabilities: z.strictObject({
    add: z.array(part.text(/^[A-Z][A-Z_]+$/, "a capability such as NET_BIND_SERVICE")).min(1),
    because: reason,
  }).optional(),
  privileged: because.optional(),
};

/** @ignore */
export const sideContainer = z.strictObject({
  ...containerFields,
  ports: z.record(part.portName, port).optional(),
  probes: probes.optional(),
  runAs: runAs.optional(),
});
