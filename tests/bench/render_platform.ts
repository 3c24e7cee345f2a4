/** Render a platform again and again in one process, and print how long each time took, in milliseconds, as JSON. */
import { renderPlatform } from "../../lib/flows/render/render.ts";

const [platform, times] = Deno.args as [string, string];
const taken: number[] = [];
for (let time = 0; time < Number(times); time++) {
  const startedAt = performance.now();
  await renderPlatform({ platform }, { cwd: Deno.cwd() });
  taken.push(performance.now() - startedAt);
}
console.log(JSON.stringify(taken));
