/** Label of objects that a task makes besides what the platform renders, with the task's name. */
export const madeByLabel = "slipway.dev/made-by";
