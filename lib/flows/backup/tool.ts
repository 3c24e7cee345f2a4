import project from "../../../deno.json" with { type: "json" };

/** What records name as their maker: `slipway 0.1.0`. */
export const tool: string = `slipway ${project.version}`;
