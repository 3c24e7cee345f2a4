import { z } from "zod";
import * as part from "./parts.ts";

const storageClass = z.strictObject({
  existing: z.boolean().optional(),
  provisioner: z.string().min(1),
  accessModes: z.array(part.accessMode).min(1),
  parameters: z.record(z.string(), z.string()).optional(),
  reclaimPolicy: z.enum(["Retain", "Delete"]),
  volumeBindingMode: z.enum(["Immediate", "WaitForFirstConsumer"]),
});

const volume = z.strictObject({
  namespace: part.name,
  storageClass: part.name,
  accessModes: z.array(part.accessMode).min(1),
  size: part.quantity,
});

/** @ignore */
export const dataSections = {
  storageClasses: part.named(storageClass, "Classes of volumes, by name"),
  volumes: part.named(volume, "Persistent volume claims, by name"),
};
