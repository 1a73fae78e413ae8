import { readTasks, type TaskFields, type Tasks } from "../cluster/engineTasks.mts"
import { outcomeAnnotation } from "../cluster/fake/pod.mts"

/** How the pods of a run are made. */
export interface Pods {
  /** Laid over each pod's spec. */
  readonly spec: object
  /** By task: what a fake kubelet makes of its pods, if not success. */
  readonly outcomes: Readonly<Record<string, string>>
}

export interface Workflow {
  readonly tasks: Tasks
  /** Phase by step, once the step "flaky" was tried anew. */
  readonly rightEnd: Readonly<Record<string, string>>
}

/** What the step `list` prints: it is what the dynamic steps are made of. */
export const printed = "x y z"

const thirtyTasks: Tasks = {
  a: ["true", "true", "true", "true"],
  b: { run: ["true", "true", "true", "true"], after: "=a" },
  list: { run: `echo ${printed}`, after: "b" },
  fan: {
    after: "list",
    commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", " "]] },
  },
  flaky: { run: '[ "$ATTEMPT" -gt 1 ]', after: "list" },
  slow: { run: "true", after: "list" },
  yes: { run: "true", after: "list", condition: { condition: ["check_result", "list", printed] } },
  no: { run: "true", after: "list", condition: { condition: ["check_result", "list", "other"] } },
  never: { run: "true", after: "no" },
  c: { run: ["true", "true", "true", "true", "true"], after: "fan" },
  d: { run: ["true", "true", "true", "true", "true"], after: "=c" },
  e: { run: "true", after: ["d", "flaky", "slow", "yes"] },
  f: { run: "true", after: "e" },
  z: { run: "exit 3", after: "f" },
}

/**
 * 30 steps: joins, edges from step to step, a task whose steps are known only when another one has printed
 * them, a step that fails until it is tried anew, two that are skipped, and one that fails for good.
 */
export const thirty: Workflow = {
  tasks: thirtyTasks,
  rightEnd: {
    ...phases("a", 4, "Succeeded"),
    ...phases("b", 4, "Succeeded"),
    ...phases("list", 1, "Succeeded"),
    ...phases("fan", 3, "Succeeded"),
    ...phases("flaky", 1, "Succeeded"),
    ...phases("slow", 1, "Succeeded"),
    ...phases("yes", 1, "Succeeded"),
    ...phases("no", 1, "Skipped"),
    ...phases("never", 1, "Skipped"),
    ...phases("c", 5, "Succeeded"),
    ...phases("d", 5, "Succeeded"),
    ...phases("e", 1, "Succeeded"),
    ...phases("f", 1, "Succeeded"),
    ...phases("z", 1, "Failed"),
  },
}

/** The same in small, for pods that are real. */
export const nine: Workflow = {
  tasks: {
    a: ["true", "true"],
    list: { run: `echo ${printed}`, after: "a" },
    fan: {
      after: "list",
      commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", " "]] },
    },
    flaky: { run: '[ "$ATTEMPT" -gt 1 ]', after: "a" },
    no: { run: "true", after: "list", condition: { condition: ["check_result", "list", "other"] } },
    z: { run: "true", after: ["fan", "flaky"] },
  },
  rightEnd: {
    ...phases("a", 2, "Succeeded"),
    ...phases("list", 1, "Succeeded"),
    ...phases("fan", 3, "Succeeded"),
    ...phases("flaky", 1, "Succeeded"),
    ...phases("no", 1, "Skipped"),
    ...phases("z", 1, "Succeeded"),
  },
}

function phases(task: string, count: number, phase: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${task}.${index}`, phase]),
  )
}

export function executionOf(
  name: string,
  { tasks }: Workflow,
  driver: string | undefined,
  pods: Pods,
): object {
  const made = Object.entries(tasks).map(([task, short]): [string, TaskFields] => {
    const fields = (
      typeof short === "object" && "length" in short ? { run: short } : short
    ) as TaskFields
    const outcome = pods.outcomes[task]
    const annotations = outcome === undefined ? {} : { [outcomeAnnotation]: outcome }
    const template = { metadata: { annotations }, spec: { ...attemptIn(task), ...pods.spec } }
    return [task, { ...fields, jobTemplate: { spec: { template } } }]
  })
  return {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name,
      annotations: driver === undefined ? {} : { "execution.kubegene.io/driver": driver },
    },
    spec: { tasks: readTasks(Object.fromEntries(made)) },
  }
}

/** A container learns from its pod which attempt it is. */
function attemptIn(task: string): object {
  if (task !== "flaky") return {}
  const fieldPath = "metadata.labels['execution.kubegene.io/attempt']"
  const env = [{ name: "ATTEMPT", valueFrom: { fieldRef: { fieldPath } } }]
  return { containers: [{ name: "main", env }] }
}

/** On fake nodes what a step does is an order to their kubelet. */
export const fakeOutcomes = { flaky: "fail-once:3", z: "fail:3" }
