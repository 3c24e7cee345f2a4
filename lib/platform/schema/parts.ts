import { z } from "zod";

// Files are validated a few times in a process, and compiling validators for that costs more than it saves.
z.config({ jitless: true });

/**
 * Text of a certain form; `wanted` completes "expected …".
 * @ignore
 */
export function text(form: RegExp, wanted: string) {
  return z.string().regex(form, { error: wanted });
}

/**
 * Names of most objects. Source: RFC 1123, section 2.1, as Kubernetes reads it.
 * @ignore
 */
export const name = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a name of at most 63 lower-case letters, digits and hyphens, such as web-1",
);

/**
 * Names of Secrets, which may have dots, as operators give them. Source: RFC 1123, as Kubernetes reads subdomains.
 * @ignore
 */
export const secretName = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  "a name of lower-case letters, digits, hyphens and dots, such as database-credentials",
);

/** @ignore */
export const host = text(
  /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  "a host name such as www.example.org",
);

/**
 * Kubernetes quantity; a bare number is one too, and becomes text.
 * @ignore
 */
export const quantity = z.union([
  text(
    /^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/,
    "a quantity such as 150m, 2, 365Mi or 1Gi",
  ),
  z.number().positive(),
]).transform(String);

/**
 * Duration as Go writes it, which Kubernetes and Traefik read.
 * @ignore
 */
export const duration = text(/^(\d+(\.\d+)?(ms|s|m|h))+$/, "a duration such as 90s, 1m or 1h30m");

/** @ignore */
export const image = text(
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w][\w.-]{0,127}@sha256:[0-9a-f]{64})$/,
  "an image with registry and tag or digest, such as ghcr.io/example/web:1.2.3",
);

/** @ignore */
export const labelValue = text(
  /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/,
  "a label value of at most 63 letters, digits, hyphens, underscores and dots",
);

const labelKeyForm = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;

/** @ignore */
export const labelKey = text(
  labelKeyForm,
  "a label key such as app or app.kubernetes.io/name",
);

/** @ignore */
export const labels = z.record(labelKey, labelValue);

/**
 * Keys as labels have them, with any text. Source: k8s.io/apimachinery, api/validation ValidateAnnotations.
 * @ignore
 */
export const annotations = z.record(
  text(labelKeyForm, "an annotation key such as prometheus.io/scrape"),
  z.string(),
);

/**
 * A key of a Secret or ConfigMap. Source: k8s.io/apimachinery, util/validation IsConfigMapKey.
 * @ignore
 */
export const dataKey = text(
  /^[-\w.]{1,253}$/,
  "a key of letters, digits, hyphens, underscores and dots",
);

/**
 * age recipients by the name of who has the identity. Source: age, "The age file encryption format", X25519 recipients.
 * @ignore
 */
export const holders = z.record(
  z.string().min(1),
  text(/^age1[a-z0-9]+$/, "an age recipient such as age1…"),
).refine((given) => Object.keys(given).length > 0, { error: "none given, expected at least one" });

/** @ignore */
export const keyOfSecret = z.strictObject({ name, key: dataKey });

/**
 * The form that every shell and program can read. Kubernetes itself allows more.
 * @ignore
 */
export const envName = text(/^[A-Za-z_]\w*$/, "a variable name such as DATABASE_HOST");

/** @ignore */
export const absolutePath = text(/^\/[^\0:]*$/, "an absolute path such as /var/lib/app");

/** @ignore */
export const cidr = text(
  /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-fA-F:]+\/\d{1,3})$/,
  "an address range such as 10.0.0.0/8",
);

/** @ignore */
export const ipAddress = text(
  /^(((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}|[0-9a-fA-F]*:[0-9a-fA-F:]+)$/,
  "an IP address such as 10.0.0.1",
);

/** @ignore */
export const url = text(/^https?:\/\/[^\s/?#]+[^\s]*$/, "a URL such as https://example.org");

/** @ignore */
export const origin = text(/^https?:\/\/[^\s/?#]+$/, "an origin such as https://example.org");

/** @ignore */
export const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");

/** @ignore */
export const cron = text(
  /^(\S+\s+){4}\S+$/,
  'a cron line of five fields, such as "30 2 * * *"',
);

/** @ignore */
export const portNumber = z.int().min(1).max(65535);

/**
 * Names of container and service ports. Source: RFC 6335, section 5.1.
 * @ignore
 */
export const portName = text(
  /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/,
  "a port name of at most 15 lower-case letters, digits and hyphens",
);

/** @ignore */
export const ports = z.record(portName, portNumber);

/** @ignore */
export const objectPattern = text(
  /^[A-Za-z*]+(\/[-a-z0-9.*:]+){1,2}$/,
  "Kind/namespace/name, or Kind/name, with * for any text, such as Service/gateway-system/*",
);

/** @ignore */
export const count = z.int().min(0);

/** @ignore */
export const atLeastOne = z.int().min(1);

/** @ignore */
export const accessMode = z.enum([
  "ReadWriteOnce",
  "ReadOnlyMany",
  "ReadWriteMany",
  "ReadWriteOncePod",
]);

/**
 * A section of a platform: things by name, none by default.
 * @ignore
 */
export function named<T extends z.ZodType>(what: T, description: string) {
  return z.record(name, what).default({}).describe(description);
}

/**
 * Refuses objects that have none or several of some keys.
 * @ignore
 */
export function exactlyOneOf<T extends object>(...keys: (keyof T & string)[]) {
  return (value: T, context: z.RefinementCtx<T>) => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length === 1) return;
    context.addIssue({
      code: "custom",
      message: `${
        given.length === 0 ? "none" : given.join(" and ")
      } given, expected exactly one of ${keys.join(", ")}`,
    });
  };
}

/**
 * Refuses objects that have none of some keys.
 * @ignore
 */
export function atLeastOneOf<T extends object>(...keys: (keyof T & string)[]) {
  return (value: T, context: z.RefinementCtx<T>) => {
    if (keys.some((key) => value[key] !== undefined)) return;
    context.addIssue({
      code: "custom",
      message: `none given, expected at least one of ${keys.join(", ")}`,
    });
  };
}
