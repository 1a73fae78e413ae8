import type { Command } from "./command.ts"
import { convert } from "./commands/convert.ts"
import { graph } from "./commands/graph.ts"
import { lint } from "./commands/lint.ts"
import { plan } from "./commands/plan.ts"
import { run } from "./commands/run.ts"

/** Every command, in the order `--help` lists them. */
export const commands: readonly Command[] = [lint, graph, plan, convert, run]
