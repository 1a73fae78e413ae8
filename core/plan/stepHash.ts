import { ownVolumes } from "../spec/filesTasks.ts"
import { commandOf, type Results, stepCountWith } from "./commands.ts"
import type { TaskSpec } from "./execution.ts"
import { hashText } from "./hash.ts"
import {
  canonicalJson,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  objectOf,
  textOf,
} from "./json.ts"
import type { Plan, PlannedTask } from "./plan.ts"

/** A hash made by another version says nothing: such a step runs again. */
export const stepHashVersion = "v1"

/**
 * A step's hash is compared with that of the same step only, so this many characters are enough; each
 * is kept for every step, and of all that is kept they alone cannot be packed.
 */
const hashLength = 16

export interface StepHasher {
  /** Names what the step would make: equal hashes, equal results. A valid label value. */
  readonly hash: (task: number, index: number) => string
}

/**
 * Covers what decides a step's result and nothing else, so that more memory or another node does
 * not run it again. `known` gives the hash of a step that was settled before, so that a
 * run driven by two versions of us keeps what the first one wrote.
 */
export function stepHasher(
  plan: Plan,
  results: Results,
  known: (task: number, index: number) => string | undefined = () => undefined,
): StepHasher {
  const own = new Map<number, string>()
  const steps = new Map<string, string>()
  const tasks = new Map<number, string>()

  function hash(task: number, index: number): string {
    const key = `${task}.${index}`
    const before = steps.get(key) ?? known(task, index)
    const made = before ?? compute(task, index)
    steps.set(key, made)
    return made
  }

  function compute(taskIndex: number, index: number): string {
    const task = plan.tasks[taskIndex]
    if (task === undefined) return stepHashVersion
    const parts: Json = [
      ownHash(task),
      commandOf(task.spec, index, results) ?? null,
      task.dependencies.map(({ task: target, type }) => upstream(task, target, type, index)).sort(),
    ]
    return `${stepHashVersion}-${hashText(canonicalJson(parts)).slice(0, hashLength)}`
  }

  function ownHash(task: PlannedTask): string {
    const before = own.get(task.index)
    if (before !== undefined) return before
    const made = canonicalJson(stepContents(task.spec))
    own.set(task.index, made)
    return made
  }

  function upstream(task: PlannedTask, target: number, type: string, index: number): string {
    const source = type === "iterate" ? hash(target, index) : wholeHash(target)
    if (!task.resultTasks.includes(target)) return source
    return `${source} ${results(plan.tasks[target]?.spec.name ?? "") ?? ""}`
  }

  function wholeHash(target: number): string {
    const before = tasks.get(target)
    if (before !== undefined) return before
    const task = plan.tasks[target]
    const count = task === undefined ? 0 : (stepCountWith(task.spec, results) ?? 0)
    const made = hashText(Array.from({ length: count }, (_, index) => hash(target, index)).join())
    tasks.set(target, made)
    return made
  }

  return { hash }
}

/** What every step of the task has in common and what decides its result. */
export function stepContents(task: TaskSpec): JsonObject {
  const pod = objectOf(objectOf(objectOf(task.jobTemplate?.spec).template).spec)
  const job = objectOf(task.jobTemplate?.spec)
  return {
    image: task.image,
    mounts: task.volumes.map(({ mountPath, claim }) => ({ mountPath, claim })),
    containers: listOf(pod.containers).map(withoutCosts),
    initContainers: listOf(pod.initContainers).map(withoutCosts),
    volumes: volumesOf(pod),
    completions: job.completions,
    completionMode: job.completionMode,
  }
}

/** Without those that only hold what moves a run's files: they are called after each run anew. */
function volumesOf({ volumes }: JsonObject): Json | undefined {
  if (!Array.isArray(volumes)) return volumes
  return volumes.filter((one) => textOf(objectOf(one).name)?.startsWith(ownVolumes) !== true)
}

/** What a container may use and how it is watched does not change what it makes. */
const costs = new Set([
  "resources",
  "resizePolicy",
  "imagePullPolicy",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "terminationMessagePath",
  "terminationMessagePolicy",
])

function withoutCosts(container: Json): Json {
  if (!isObject(container)) return container
  return Object.fromEntries(Object.entries(container).filter(([key]) => !costs.has(key)))
}
