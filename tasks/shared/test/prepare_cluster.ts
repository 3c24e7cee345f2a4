import type { Context } from "../../../lib/core/context.ts";
import { messageOf, SlipwayError } from "../../../lib/core/errors.ts";
import type { NoteEvent, SlipwayEvent } from "../../../lib/core/events.ts";

/** The programs that tests need, on their way. */
export interface Preparation {
  /** Wait for the end, and show from here on how it goes. Returns why it failed, if it did. */
  finish: () => Promise<NoteEvent | undefined>;
}

/**
 * Get the programs of the embedded cluster and of the systems beside it, those of the live tests where they are to run,
 * while other tests run: it may take minutes when they are built from source. What it tells is kept back until it is waited for: those tests are on the screen.
 */
export function prepareCluster(context: Context, { live }: { live: boolean }): Preparation {
  const kept: SlipwayEvent[] = [];
  let emit = (event: SlipwayEvent): void => void kept.push(event);
  const failure = getPrograms({ ...context, emit: (event) => emit(event) }, live)
    .then(() => undefined, (error) => error as unknown);
  return {
    async finish() {
      emit = context.emit;
      kept.forEach(emit);
      const error = await failure;
      context.signal.throwIfAborted();
      return error === undefined ? undefined : {
        type: "note",
        level: "warning",
        message: `the end-to-end tests were not run: ${messageOf(error)}`,
        ...(error instanceof SlipwayError ? { remedy: error.remedy } : {}),
      };
    },
  };
}

async function getPrograms(context: Context, live: boolean): Promise<void> {
  const { getTestPrograms } = await import("../../../lib/flows/embedded/programs.ts");
  await getTestPrograms(context, { live });
}
