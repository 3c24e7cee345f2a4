import { projectPath } from "./imports.ts";
import { isPure, type Room, roomOf } from "./rooms.ts";

/** A global that only some rooms may touch. */
interface Reserved {
  /** Names such as `Deno.args` or `console`; a name covers its members. */
  names: readonly string[];
  /** Whether a room may touch them. */
  isAllowed: (room: Room) => boolean;
  /** What to do instead. */
  hint: string;
}

const isTest = (room: Room) => ["tests", "bench", "lint"].includes(room.kind);
const isTask = (room: Room) => ["tasks", "shared"].includes(room.kind);

const reserved: readonly Reserved[] = [
  {
    names: [
      "Deno.args",
      "Deno.env",
      "Deno.exit",
      "Deno.exitCode",
      "process.argv",
      "process.env",
      "process.exit",
      "process.exitCode",
    ],
    isAllowed: (room) => isTask(room) || isTest(room),
    hint: "take it from the Context that tasks/shared/run.ts makes",
  },
  {
    names: ["console", "Deno.stdout", "Deno.stderr", "process.stdout", "process.stderr"],
    isAllowed: (room) => room.kind === "ui" || isTest(room),
    hint: "emit an event, or print a result by context.print()",
  },
  {
    names: [
      "Deno",
      "Date.now",
      "Math.random",
      "Temporal.Now",
      "crypto",
      "fetch",
      "performance",
      "setInterval",
      "setTimeout",
    ],
    isAllowed: (room) => !isPure(room),
    hint: "what decides is pure: take it as a parameter",
  },
];

/** Only some rooms touch the process, the output streams, the clock and the network. */
export function globalsRule(projectUrl: URL): Deno.lint.Rule {
  return {
    create(context) {
      const file = new URL("file:///");
      file.pathname = context.filename;
      const room = roomOf(projectPath(file, projectUrl) ?? "");
      if (room === undefined) return {};
      return {
        Identifier(node) {
          const name = referredName(node);
          if (name === undefined) return;
          const broken = reserved.find((rule) =>
            !rule.isAllowed(room) && rule.names.some((wanted) => covers(wanted, name))
          );
          if (broken === undefined) return;
          context.report({ node, message: `${room.name} may not use ${name}`, hint: broken.hint });
        },
        NewExpression(node) {
          if (!isPure(room) || node.arguments.length > 0) return;
          if (node.callee.type !== "Identifier" || node.callee.name !== "Date") return;
          context.report({
            node,
            message: `${room.name} may not ask for the time`,
            hint: "what decides is pure: take it as a parameter",
          });
        },
      };
    },
  };
}

/**
 * Whether a reserved name covers what was referred to. `Deno` alone, passed on or taken
 * apart, covers all of its members: what becomes of it cannot be seen.
 */
function covers(wanted: string, name: string): boolean {
  if (name === wanted || name.startsWith(`${wanted}.`)) return true;
  return name === "Deno" && wanted.startsWith("Deno.");
}

/** The global that an identifier refers to, with one member: `Deno.args`; undefined for names that are no references. */
function referredName(node: Deno.lint.Identifier): string | undefined {
  const { parent } = node;
  if (parent.type === "MemberExpression") {
    if (!isAt(parent.object, node)) return undefined;
    const member = memberName(parent);
    if (node.name !== "globalThis") {
      return member === undefined ? node.name : `${node.name}.${member}`;
    }
    if (member === undefined) return undefined;
    const outer = parent.parent;
    const next = outer.type === "MemberExpression" && isAt(outer.object, parent)
      ? memberName(outer)
      : undefined;
    return next === undefined ? member : `${member}.${next}`;
  }
  return isName(parent, node) ? undefined : node.name;
}

/** Whether an identifier only names something: a key, a label, a type, an import. */
function isName(parent: Deno.lint.Node, node: Deno.lint.Identifier): boolean {
  switch (parent.type) {
    case "Property":
      return isAt(parent.key, node) && !parent.computed && !parent.shorthand;
    case "PropertyDefinition":
    case "MethodDefinition":
      return isAt(parent.key, node) && !parent.computed;
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSQualifiedName":
    case "TSTypeReference":
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "LabeledStatement":
      return true;
    default:
      return false;
  }
}

function memberName(node: Deno.lint.MemberExpression): string | undefined {
  const { property, computed } = node;
  if (property.type === "Identifier" && !computed) return property.name;
  return property.type === "Literal" ? String(property.value) : undefined;
}

function isAt(a: { range: Deno.lint.Range }, b: { range: Deno.lint.Range }): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1];
}
