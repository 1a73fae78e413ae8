import type { DialectReader } from "../spec/dialect.ts"
import { execution } from "../spec/execution.ts"
import type { Dialect } from "../workflow.ts"
import { commands } from "./commands.ts"
import { counts, specParallelism } from "./counts.ts"
import { dependents } from "./dependents.ts"
import { emptyWorkflow } from "./emptyWorkflow.ts"
import { executionName } from "./executionName.ts"
import { image } from "./image.ts"
import { iterCommand } from "./iterCommand.ts"
import { iterRows } from "./iterRows.ts"
import { jobTemplate } from "./jobTemplate.ts"
import { literalCondition } from "./literalCondition.ts"
import { matchRules } from "./matchRules.ts"
import { resources } from "./resources.ts"
import type { HeadRule, NeighbourRule, TaskRule } from "./rule.ts"
import { startAnnotation } from "./startAnnotation.ts"
import { taskName } from "./taskName.ts"
import { taskType } from "./taskType.ts"
import { unknownDependency } from "./unknownDependency.ts"
import { volumes } from "./volumes.ts"

/** The dialects we read. A dialect that is not here is found but gets no answers. */
export const readers: Partial<Record<Dialect, DialectReader>> = { execution }

/** Rules that look at one task alone. */
export const taskRules: readonly TaskRule[] = [
  taskName,
  taskType,
  image,
  commands,
  counts,
  dependents,
  matchRules,
  literalCondition,
  iterRows,
  iterCommand,
  resources,
  volumes,
  jobTemplate,
]

/** Rules that look at what stands around the tasks. */
export const headRules: readonly HeadRule[] = [
  executionName,
  emptyWorkflow,
  startAnnotation,
  specParallelism,
]

/** Rules that look at a task and the tasks it names. */
export const neighbourRules: readonly NeighbourRule[] = [unknownDependency]
