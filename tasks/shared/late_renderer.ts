import type { RendererOptions } from "../../lib/ui/mod.ts";
import type { Renderer } from "../../lib/ui/renderer.ts";
import type { RunRenderer } from "./outcome.ts";

/** A renderer whose modules are loaded when there is something to show: many a run has nothing to tell. */
export function createLateRenderer(options: RendererOptions): RunRenderer {
  let renderer: Renderer | undefined;
  let loading: Promise<void> | undefined;
  const waiting: ((renderer: Renderer) => void)[] = [];

  const show = (work: (renderer: Renderer) => void) => {
    if (renderer !== undefined) return work(renderer);
    waiting.push(work);
    loading ??= load();
  };
  const showIfAny = (work: (renderer: Renderer) => void) => {
    if (loading !== undefined) show(work);
  };
  async function load(): Promise<void> {
    const { createRenderer } = await import(
      new URL("../../lib/ui/mod.ts", import.meta.url).href
    ) as typeof import("../../lib/ui/mod.ts");
    renderer = createRenderer(options);
    for (const work of waiting) work(renderer);
  }

  return {
    emit: (event) => show((renderer) => renderer.emit(event)),
    print: (text) => show((renderer) => renderer.print(text)),
    problem: (problem) => show((renderer) => renderer.problem(problem)),
    pause: () => showIfAny((renderer) => renderer.pause()),
    close: () => showIfAny((renderer) => renderer.close()),
    end: () => showIfAny((renderer) => renderer.end()),
    settled: async () => await loading,
  };
}
