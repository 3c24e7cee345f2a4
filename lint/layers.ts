import { globalsRule } from "./globals.ts";
import { importRule } from "./imports.ts";

const projectUrl = new URL("../", import.meta.url);

/** Lint plugin that holds the rules of CONTRIBUTING.md about rooms: who imports whom, and who touches the outside world. */
const plugin: Deno.lint.Plugin = {
  name: "layers",
  rules: {
    imports: importRule(projectUrl),
    globals: globalsRule(projectUrl),
  },
};

export default plugin;
