import type { Context } from "../core/context.ts";
import { ExitCode } from "../core/errors.ts";
import { subjectOf } from "../core/object.ts";
import { readInventory } from "../kube/inventory.ts";
import { reviewReadiness } from "../kube/wait.ts";
