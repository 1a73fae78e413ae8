import type { DialectReader } from "../spec/dialect.ts"
import { execution } from "../spec/execution.ts"
import { coloniesWorkflow, functionSpec } from "../spec/function.ts"
import { gcs } from "../spec/gcs.ts"
import type { Dialect } from "../workflow.ts"
import { coloniesAmounts } from "./coloniesAmounts.ts"
import { coloniesAssign } from "./coloniesAssign.ts"
import { coloniesContainer } from "./coloniesContainer.ts"
import { coloniesEnv } from "./coloniesEnv.ts"
import { coloniesFiles } from "./coloniesFiles.ts"
import { coloniesKwargs } from "./coloniesKwargs.ts"
import { coloniesForm, coloniesNode } from "./coloniesNode.ts"
import { commands } from "./commands.ts"
import { conditionDependency } from "./conditionDependency.ts"
import { counts, specParallelism } from "./counts.ts"
import { cycle } from "./cycle.ts"
import { dependents } from "./dependents.ts"
import { duplicateName } from "./duplicateName.ts"
import { dynamicIterate } from "./dynamicIterate.ts"
import { emptyWorkflow } from "./emptyWorkflow.ts"
import { executionName } from "./executionName.ts"
import { fanOut } from "./fanOut.ts"
import { gcsCommands } from "./gcsCommands.ts"
import { gcsCondition } from "./gcsCondition.ts"
import { gcsInputs } from "./gcsInputs.ts"
import { gcsName } from "./gcsName.ts"
import { gcsOutputs } from "./gcsOutputs.ts"
import { gcsResources } from "./gcsResources.ts"
import { gcsRows } from "./gcsRows.ts"
import { gcsTool } from "./gcsTool.ts"
import { gcsVolumes } from "./gcsVolumes.ts"
import { image } from "./image.ts"
import { iterateMismatch } from "./iterateMismatch.ts"
import { iterCommand } from "./iterCommand.ts"
import { iterRows } from "./iterRows.ts"
import { jobTemplate } from "./jobTemplate.ts"
import { literalCondition } from "./literalCondition.ts"
import { matchRules } from "./matchRules.ts"
import { nameTooLong } from "./nameTooLong.ts"
import { resources } from "./resources.ts"
import type { GraphRule, HeadRule, NeighbourRule, TaskRule } from "./rule.ts"
import { selfDependency } from "./selfDependency.ts"
import { headShape, taskShape } from "./shape.ts"
import { startAnnotation } from "./startAnnotation.ts"
import { taskName } from "./taskName.ts"
import { taskType } from "./taskType.ts"
import { unknownDependency } from "./unknownDependency.ts"
import { unreachable } from "./unreachable.ts"
import { volumes } from "./volumes.ts"

/** The dialects we read. A dialect that is not here is found but gets no answers. */
export const readers: Partial<Record<Dialect, DialectReader>> = {
  execution,
  gcs,
  function: functionSpec,
  "colonies-workflow": coloniesWorkflow,
}

/** Rules that look at one task alone. */
export const taskRules: readonly TaskRule[] = [
  taskShape,
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
  gcsName,
  gcsTool,
  gcsCommands,
  gcsRows,
  gcsCondition,
  gcsResources,
  fanOut,
  coloniesAmounts,
  coloniesAssign,
  coloniesContainer,
  coloniesEnv,
  coloniesFiles,
  coloniesKwargs,
  coloniesNode,
]

/** Rules that look at what stands around the tasks. */
export const headRules: readonly HeadRule[] = [
  headShape,
  executionName,
  emptyWorkflow,
  startAnnotation,
  specParallelism,
  gcsInputs,
  gcsVolumes,
  gcsOutputs,
  coloniesForm,
]

/** Rules that look at a task and the tasks it names. */
export const neighbourRules: readonly NeighbourRule[] = [
  duplicateName,
  unknownDependency,
  selfDependency,
  iterateMismatch,
  dynamicIterate,
  conditionDependency,
  nameTooLong,
]

/** Rules that look at all tasks and what each waits for. */
export const graphRules: readonly GraphRule[] = [cycle, unreachable]
