import { z } from "zod";
import { closest } from "../core/closest.ts";
import type { Mistake, Path } from "./mistake.ts";
import { isMap } from "./overlay.ts";
import { platformSchema } from "./schema/platform.ts";
import type { Platform } from "./types.ts";

/** A document that has the shape of a platform, or what is wrong with it. */
export type ShapeVerdict =
  | { platform: Omit<Platform, "environment">; mistakes: [] }
  | { platform: undefined; mistakes: Mistake[] };

/** Compare a document, environments merged in, with the schema of platforms. */
export function checkShape(document: unknown): ShapeVerdict {
  const result = platformSchema.safeParse(document);
  if (result.success) return { platform: result.data, mistakes: [] };
  return {
    platform: undefined,
    mistakes: result.error.issues.flatMap((issue) => mistakesOf(issue, document)),
  };
}

type Issue = z.core.$ZodIssue;

function mistakesOf(issue: Issue, document: unknown): Mistake[] {
  const path = issue.path.map((part) => typeof part === "number" ? part : String(part));
  const found = valueAt(document, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key));
    case "invalid_type":
      return [
        found === undefined ? { path, message: `missing, expected ${article(issue.expected)}` } : {
          path,
          message: `${shown(found)}, expected ${article(issue.expected)}` +
            quoteHint(issue.expected, found),
        },
      ];
    case "invalid_value":
      return [wrongWord(path, found, issue.values.map(String))];
    case "invalid_format":
      return [{ path, message: `${shown(found)}, expected ${issue.message}` }];
    case "too_small":
    case "too_big":
      return [{ path, message: `${shown(found)}, expected ${bound(issue)}` }];
    case "invalid_key": {
      const key = path.at(-1);
      return [{
        path,
        message: `the key ${JSON.stringify(key)}, expected ${
          issue.issues[0]?.message ?? "another"
        }`,
        atKey: true,
      }];
    }
    case "invalid_union":
      // No alternative was tried: the word that tells them apart fits none.
      if (issue.errors.length === 0) {
        const words = "options" in issue ? issue.options ?? [] : [];
        return [wrongWord(path, found, words.map(String))];
      }
      return nearest(issue.errors).flatMap((inner) =>
        mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }, document)
      );
    default:
      return [{ path, message: issue.message }];
  }
}

function wrongWord(path: Path, found: unknown, wanted: readonly string[]): Mistake {
  const guess = typeof found === "string" ? closest(found, wanted) : undefined;
  return {
    path,
    message: `${found === undefined ? "missing" : shown(found)}, expected ${
      wanted.length === 1 ? wanted[0] : `one of ${wanted.join(", ")}`
    }${didYouMean(guess)}`,
  };
}

/** The alternative of a union that fits best: its first mistake is the deepest. */
function nearest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map(reach));
  return alternatives.reduce((best, other) => depth(other) > depth(best) ? other : best);
}

/** A wrong form says more than a wrong type: the value was at least of the right kind. */
function reach(issue: Issue): number {
  return issue.path.length * 2 + (issue.code === "invalid_type" ? 0 : 1);
}

/** The most keys that a mistake lists beside a guess. */
const longestList = 12;

function unknownKey(path: Path, key: string): Mistake {
  const known = keysAt(path).toSorted();
  const guess = closest(key, known);
  // A long list would bury the guess.
  const list = known.length > longestList && guess !== undefined
    ? ""
    : `, expected ${known.length === 0 ? "none" : `one of ${known.join(", ")}`}`;
  return {
    path: [...path, key],
    message: `unknown key${list}${didYouMean(guess)}`,
    atKey: true,
  };
}

/** Keys that the schema knows at a path. */
function keysAt(path: Path): string[] {
  let schemas: unknown[] = [platformSchema];
  for (const part of path) {
    schemas = schemas.flatMap(unwrap).map((schema) => {
      if (schema instanceof z.ZodObject) return schema.shape[part];
      if (schema instanceof z.ZodRecord) return schema.valueType;
      return schema instanceof z.ZodArray ? schema.element : undefined;
    });
  }
  return schemas.flatMap(unwrap).flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  );
}

function unwrap(schema: unknown): unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrap) : [schema];
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => isMap(value) || Array.isArray(value) ? (value as never)[part] : undefined,
    document,
  );
}

const names: Record<string, string> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

function article(type: string): string {
  return names[type] ?? type;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  const text = JSON.stringify(value) ?? "nothing";
  // An identity in place of its recipient must not end in a terminal's or a pipeline's log.
  const secret = /age-secret-key-|PRIVATE KEY-----/i.exec(text);
  if (secret !== null) return `a private key (${secret[0]}…)`;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function quoteHint(expected: string, found: unknown): string {
  return expected === "string" && (typeof found === "number" || typeof found === "boolean")
    ? "; put it in quotes"
    : "";
}

function didYouMean(guess: string | undefined): string {
  return guess === undefined ? "" : `; did you mean ${guess}?`;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const own = issue.message;
  // Zod's own wording begins like this; where the schema has its own words they are better.
  if (!/^(Too (small|big)|Invalid)/.test(own)) return own;
  const [edge, limit] = issue.code === "too_small"
    ? [issue.inclusive === false ? "more than" : "at least", issue.minimum]
    : [issue.inclusive === false ? "less than" : "at most", issue.maximum];
  const unit = issue.origin === "array"
    ? " entries"
    : issue.origin === "string"
    ? " characters"
    : "";
  return `${edge} ${limit}${unit}`;
}
