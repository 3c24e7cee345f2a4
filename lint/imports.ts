import { forbiddenImport, isPure, roomOf } from "./rooms.ts";

type Context = Deno.lint.RuleContext;

/** Types are erased before anything runs; values act. */
type ImportStyle = "value" | "type";

/** Imports run one way; see lint/rooms.ts for the ways. */
export function importRule(projectUrl: URL): Deno.lint.Rule {
  return {
    create(context) {
      const check = (node: Deno.lint.Node, specifier: string, style: ImportStyle) => {
        const problem = importProblem(context.filename, specifier, style, projectUrl);
        if (problem !== undefined) context.report({ node, ...problem });
      };
      return {
        ImportDeclaration(node) {
          const style = isPureHash(node) ? "type" : importStyle(node);
          check(node, node.source.value, style);
        },
        ExportNamedDeclaration(node) {
          if (node.source === null) return;
          check(node, node.source.value, exportStyle(node));
        },
        ExportAllDeclaration(node) {
          check(node, node.source.value, node.exportKind);
        },
        ImportExpression(node) {
          const specifier = literalText(node.source) ?? urlText(node.source);
          if (specifier !== undefined) return check(node, specifier, "value");
          reportUnknown(context, node);
        },
        TSImportType(node) {
          const specifier = literalText(node.argument);
          if (specifier !== undefined) check(node, specifier, "type");
        },
        TSExternalModuleReference(node) {
          const specifier = literalText(node.expression);
          if (specifier !== undefined) check(node, specifier, "value");
        },
      };
    },
  };
}

interface ImportProblem {
  message: string;
  hint: string;
}

/** What is wrong with an import in a file; undefined when it is allowed or none of the rules' business. */
function importProblem(
  filename: string,
  specifier: string,
  style: ImportStyle,
  projectUrl: URL,
): ImportProblem | undefined {
  const from = roomOf(projectPath(fileUrl(filename), projectUrl) ?? "");
  if (from === undefined) return undefined;
  if (isPure(from) && style === "value" && doesInputOutput(specifier)) {
    return {
      message: `${from.name} is pure and may not import ${specifier}`,
      hint: "take what it gives as a parameter",
    };
  }
  if (["node:process", "node:console"].includes(specifier)) {
    return {
      message: `${from.name} may not import ${specifier}`,
      hint: "take what it gives from the Context that tasks/shared/run.ts makes",
    };
  }
  if (!/^(\.{0,2}\/|file:)/.test(specifier)) return undefined;
  const path = projectPath(new URL(specifier, fileUrl(filename)), projectUrl);
  const to = path === undefined ? undefined : roomOf(path);
  const message = to === undefined ? undefined : forbiddenImport(from, to);
  return message === undefined
    ? undefined
    : { message, hint: "CONTRIBUTING.md has the rooms and what each may import" };
}

/** A dynamic import whose target is computed could go anywhere. Tests load what they test in their own ways. */
function reportUnknown(context: Context, node: Deno.lint.Node): void {
  if (context.filename.includes("/tests/")) return;
  context.report({
    node,
    message:
      'The target of a dynamic import must be a string literal, or new URL("…", import.meta.url).href, so that the layer rules can see it',
  });
}

const pureBuiltins = [
  "node:path",
  "node:path/posix",
  "node:buffer",
  "node:url",
  "node:assert/strict",
];

/** Digests are functions of their input; the rest of node:crypto is randomness and keys. */
function isPureHash(node: Deno.lint.ImportDeclaration): boolean {
  return node.source.value === "node:crypto" &&
    node.specifiers.every((specifier) =>
      specifier.type === "ImportSpecifier" && specifier.imported.type === "Identifier" &&
      ["createHash", "createHmac"].includes(specifier.imported.name)
    );
}

function doesInputOutput(specifier: string): boolean {
  if (specifier.startsWith("node:")) return !pureBuiltins.includes(specifier);
  return specifier === "dax";
}

function importStyle(node: Deno.lint.ImportDeclaration): ImportStyle {
  if (node.importKind === "type") return "type";
  const areAllTypes = node.specifiers.length > 0 &&
    node.specifiers.every((specifier) =>
      specifier.type === "ImportSpecifier" && specifier.importKind === "type"
    );
  return areAllTypes ? "type" : "value";
}

function exportStyle(node: Deno.lint.ExportNamedDeclaration): ImportStyle {
  if (node.exportKind === "type") return "type";
  const areAllTypes = node.specifiers.length > 0 &&
    node.specifiers.every((specifier) => specifier.exportKind === "type");
  return areAllTypes ? "type" : "value";
}

/** The text of a string literal, or of a template without holes. */
function literalText(node: unknown): string | undefined {
  const { type, value, literal, quasis } = node as {
    type?: string;
    value?: unknown;
    literal?: unknown;
    quasis?: { cooked: string }[];
  };
  if (type === "Literal" && typeof value === "string") return value;
  if (type === "TSLiteralType") return literalText(literal);
  if (type === "TemplateLiteral" && quasis?.length === 1) return quasis[0]?.cooked;
  return undefined;
}

/** The first argument of `new URL("…", import.meta.url).href`, whose target Deno reads only when it is imported. */
function urlText(node: unknown): string | undefined {
  const { type, object, property } = node as {
    type?: string;
    object?: { type?: string; callee?: { name?: string }; arguments?: readonly unknown[] };
    property?: { name?: string };
  };
  const isHref = type === "MemberExpression" && property?.name === "href";
  const isUrl = object?.type === "NewExpression" && object.callee?.name === "URL";
  return isHref && isUrl ? literalText(object.arguments?.[0]) : undefined;
}

function fileUrl(filename: string): URL {
  const url = new URL("file:///");
  url.pathname = filename;
  return url;
}

/** Path of a file from the project's folder; undefined for files elsewhere. */
export function projectPath(file: URL, project: URL): string | undefined {
  return file.href.startsWith(project.href)
    ? decodeURIComponent(file.href.slice(project.href.length))
    : undefined;
}
