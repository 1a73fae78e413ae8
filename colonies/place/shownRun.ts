import { type Reason, reason } from "#core/run/reasons/reason"
import { taskNames } from "#core/spec/convertNames"
import type { AttemptView, TryView } from "#core/view/attempts"
import { countPhases, sumCounts, type ViewPhase } from "#core/view/phase"
import type { RunSource, RunView, StepView, TaskView } from "#core/view/statusTree"
import {
  type ExecutorRecord,
  type GraphRecord,
  type ProcessRecord,
  type ProcessState,
  processState,
  timeOf,
} from "../client/records.ts"
import { processName, shortName, workflowName } from "./runName.ts"

/** What a run is shown from, beside its own record. */
export interface ShownWith {
  readonly colony: string
  readonly executors: readonly ExecutorRecord[]
  readonly source: RunSource | null
}

/** A process that belongs to no workflow, as a run of one task. */
export function processRun(process: ProcessRecord, world: ShownWith): RunView {
  const task = taskOf(process, [process], world, { names: stepNames([process]), isOver: false })
  const { phase } = task
  return {
    name: processName(process),
    id: process.processid,
    namespace: world.colony,
    phase,
    message: process.state === processState.failed ? errorsOf(process) : "",
    ...timesOf(process),
    counts: task.counts,
    resumedFrom: null,
    source: world.source,
    tasks: [task],
  }
}

/** A processgraph with those of its processes that are known; the others are told of by its state. */
export function workflowRun(
  graph: GraphRecord,
  known: ReadonlyMap<string, ProcessRecord>,
  world: ShownWith,
): RunView {
  const processes = (graph.processids ?? []).flatMap((id) => known.get(id) ?? [])
  const shape = { names: stepNames(processes), isOver: isOver(graph) }
  const tasks = processes.map((process) => taskOf(process, processes, world, shape))
  const missing = (graph.processids?.length ?? 0) - processes.length
  const rest = Array.from({ length: missing }, () => phases[graph.state])
  const failed = processes.find(
    (process) => process.state === processState.failed && errorsOf(process) !== "",
  )
  return {
    name: workflowName(graph),
    id: graph.processgraphid,
    namespace: world.colony,
    phase: workflowPhase(graph, tasks),
    message:
      graph.state === processState.failed && failed
        ? `"${failed.spec.nodename ?? ""}" failed: ${errorsOf(failed)}`
        : "",
    ...timesOf(graph),
    counts: sumCounts([...tasks.map(({ counts }) => counts), countPhases(rest)]),
    resumedFrom: null,
    source: world.source,
    tasks,
  }
}

/** How a process or a graph ended, or that it did not. */
export function isOver({ state }: { readonly state: ProcessState }): boolean {
  return state !== processState.waiting && state !== processState.running
}

const phases: Readonly<Record<ProcessState, ViewPhase>> = {
  [processState.waiting]: "queued",
  [processState.running]: "running",
  [processState.successful]: "succeeded",
  [processState.failed]: "failed",
  [processState.cancelled]: "stopped",
}

/** The server calls a workflow running from its first assignment on; until then its roots wait. */
function workflowPhase(graph: GraphRecord, tasks: readonly TaskView[]): ViewPhase {
  if (graph.state !== processState.waiting) return phases[graph.state]
  return tasks.some(({ phase }) => phase === "running") ? "running" : "queued"
}

/** What a process is part of. */
interface Shape {
  readonly names: StepNames
  readonly isOver: boolean
}

function taskOf(
  process: ProcessRecord,
  fellows: readonly ProcessRecord[],
  world: ShownWith,
  shape: Shape,
): TaskView {
  const name = shape.names.task(process)
  const step = stepOf(process, fellows, world, shape)
  return {
    name,
    phase: step.phase,
    isWanted: true,
    counts: countPhases([step.phase]),
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
    dependencies: dependenciesOf(process).map((task) => {
      return { task: shape.names.node(task), type: "whole" }
    }),
    reason: step.reason,
    runsAgain: null,
    steps: [step],
  }
}

/** Of a process that was submitted alone the server ignores them. */
function dependenciesOf({ spec, processgraphid }: ProcessRecord): readonly string[] {
  return processgraphid === "" ? [] : [...new Set(spec.conditions?.dependencies ?? [])]
}

export interface StepNames {
  readonly task: (process: ProcessRecord) => string
  /** Of the task that a dependency names. */
  readonly node: (nodename: string) => string
}

/** The names that a text's tasks have everywhere: a run and its text are told to belong together by them. */
export function stepNames(processes: readonly ProcessRecord[]): StepNames {
  const names = taskNames(processes.map(taskName))
  const byId = new Map(processes.map(({ processid }, index) => [processid, names[index]]))
  const byNode = new Map(processes.map(({ spec }, index) => [spec.nodename, names[index]]))
  return {
    task: (process) => byId.get(process.processid) ?? taskName(process),
    node: (nodename) => byNode.get(nodename) ?? nodename,
  }
}

/** As its spec calls it. */
export function taskName({ spec }: ProcessRecord): string {
  return spec.nodename || spec.funcname || "process"
}

function stepOf(
  process: ProcessRecord,
  fellows: readonly ProcessRecord[],
  world: ShownWith,
  shape: Shape,
): StepView {
  const { createdAt: _, ...times } = timesOf(process)
  const phase = phaseOf(process)
  return {
    id: `${shape.names.task(process)}.0`,
    index: 0,
    phase,
    command: commandOf(process),
    ...times,
    releasedAt: null,
    result: resultOf(process),
    reason: reasonOf(process, phase, world, shape.isOver),
    runsAgain: null,
    attempts: attemptsOf(process, fellows, phase, world),
  }
}

function phaseOf(process: ProcessRecord): ViewPhase {
  const { state, waitforparents, processgraphid } = process
  if (state === processState.waiting) return waitforparents ? "waiting" : "queued"
  // When one of them fails, the server marks all processes of the workflow as failed.
  if (state === processState.failed && processgraphid !== "" && !hasStarted(process)) {
    return errorsOf(process) === "" ? "not-started" : "failed"
  }
  return phases[state]
}

function reasonOf(
  process: ProcessRecord,
  phase: ViewPhase,
  world: ShownWith,
  isGraphOver: boolean,
): Reason | null {
  switch (phase) {
    case "waiting": {
      const before = dependenciesOf(process).map((name) => `"${name}"`)
      return isGraphOver ? null : reason("dependency", `waits for ${before.join(", ")}`)
    }
    case "queued":
      return waitOf(process, world)
    case "failed": {
      const errors = errorsOf(process)
      const sentence =
        errors || "was marked as failed by the server, because another task of the workflow failed"
      const object = `Process/${process.processid}`
      const evidence = (process.errors ?? []).map((text) => {
        return { source: "server" as const, object, text, at: timeOf(process.endtime)?.getTime() }
      })
      return reason("other", sentence, { evidence })
    }
    case "not-started":
      return reason("other", "did not start, because another task of the workflow failed")
    case "stopped":
      return reason("stopped", "was cancelled")
    default:
      return null
  }
}

/** An executor has to come and ask for it; where none of its kind is there, that is said. */
function waitOf({ spec, submissiontime }: ProcessRecord, { executors, colony }: ShownWith): Reason {
  const { executortype = "", executornames } = spec.conditions ?? {}
  const names = (executornames ?? []).filter((name) => name !== "*")
  const suited = executors.filter(
    (one) =>
      one.state === approved &&
      one.executortype === executortype &&
      (names.length === 0 || names.includes(one.executorname)),
  )
  const who =
    names.length === 0
      ? `type "${executortype}"`
      : `type "${executortype}" called ${names.map((name) => `"${name}"`).join(" or ")}`
  const since = timeOf(submissiontime)?.getTime()
  return suited.length > 0
    ? reason("scheduling", `waits for an executor of ${who}`, { since })
    : reason("no-node", `waits for an executor of ${who}, and "${colony}" has none`, {
        since,
        isStuck: true,
      })
}

const approved = 1

function attemptsOf(
  process: ProcessRecord,
  fellows: readonly ProcessRecord[],
  phase: ViewPhase,
  { executors }: ShownWith,
): readonly AttemptView[] {
  if (phase === "waiting" || phase === "not-started") return []
  const { startedAt, finishedAt } = timesOf(process)
  const createdAt = isoOf(readyAt(process, fellows))
  const assigned = executors.find(({ executorid }) => executorid === process.assignedexecutorid)
  const one: TryView = {
    pod: shortName(taskName(process), process.processid),
    phase,
    node: process.assignedexecutorid === "" ? null : (assigned?.executorname ?? null),
    createdAt,
    scheduledAt: startedAt,
    startedAt,
    finishedAt,
    exitCode: null,
    reason: phase === "failed" ? errorsOf(process) || null : null,
  }
  // Of the tries before this one the server keeps only how many there were.
  const attempt = process.retries + 1
  return [{ attempt, job: one.pod, phase, createdAt, finishedAt, tries: [one] }]
}

/** From when on an executor could have taken it. */
function readyAt(process: ProcessRecord, fellows: readonly ProcessRecord[]): number | undefined {
  const submitted = timeOf(process.submissiontime)?.getTime()
  const ends = fellows
    .filter(({ processid }) => process.parents?.includes(processid))
    .flatMap(({ endtime }) => timeOf(endtime)?.getTime() ?? [])
  return submitted === undefined ? undefined : Math.max(submitted, ...ends)
}

function hasStarted({ starttime }: ProcessRecord): boolean {
  return timeOf(starttime) !== undefined
}

function errorsOf({ errors }: ProcessRecord): string {
  return (errors ?? []).join("; ")
}

function commandOf({ spec }: ProcessRecord): string | null {
  const { cmd, args } = spec.kwargs ?? {}
  const words = Array.isArray(args) ? args : (spec.args ?? [])
  const texts = words.map((word) => (typeof word === "string" ? word : JSON.stringify(word)))
  const head = typeof cmd === "string" ? cmd : spec.funcname
  return head ? [head, ...texts].join(" ") : null
}

function resultOf({ out }: ProcessRecord): string | null {
  if (!out || out.length === 0) return null
  return out.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ")
}

interface Times {
  readonly state: ProcessState
  readonly submissiontime: string
  readonly starttime: string
  readonly endtime: string
}

function timesOf({ state, submissiontime, starttime, endtime }: Times) {
  return {
    createdAt: isoOf(timeOf(submissiontime)?.getTime()),
    // One that was given back waits again, whenever it was begun before.
    startedAt: state === processState.waiting ? null : isoOf(timeOf(starttime)?.getTime()),
    finishedAt: isoOf(timeOf(endtime)?.getTime()),
  }
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
