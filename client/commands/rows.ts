import { l10n, window } from "vscode"
import type { PlainPod } from "#engine/protocol"
import type { KnownRun } from "../editor/chosenRuns.ts"
import { placeName } from "../places/placeName.ts"
import type { CommandContext } from "./command.ts"

/** A run, a task or a step that a command is to work on. */
export interface Row {
  readonly place: string
  readonly run: string
  readonly task?: string
  /** `<task>.<i>` */
  readonly step?: string
}

/**
 * The rows that a tree hands over, the one that was clicked and all that are selected, or the one
 * that a lens, a notification or another extension names.
 */
export function rowsOf(node: unknown, nodes?: unknown): readonly Row[] {
  const many = Array.isArray(nodes) ? nodes.flatMap((one) => rowOf(one) ?? []) : []
  const one = rowOf(node)
  return many.length > 0 ? many : one ? [one] : []
}

/** A pod of a Job that no run made, as the tree of Jobs or a panel names it. */
export function podOf(value: unknown): (PlainPod & { readonly place: string }) | undefined {
  if (!isObject(value)) return undefined
  const { place, job, pod } = value
  const jobName = nameOf(job)
  const podName = isObject(pod) ? nameOf(pod.pod) : nameOf(pod)
  if (typeof place !== "string" || jobName === undefined || podName === undefined) return undefined
  return { place, job: jobName, pod: podName }
}

/** The rows that were meant, or a run that the person picks among those that `fits`. */
export async function rowsOrPick(
  context: CommandContext,
  title: string,
  fits: (run: KnownRun) => boolean,
  node: unknown,
  nodes?: unknown,
): Promise<readonly Row[]> {
  const rows = rowsOf(node, nodes)
  if (rows.length > 0) return rows
  await context.places.open()
  const items = context.runs.places.flatMap(({ place, runs }) =>
    runs
      .filter(fits)
      .toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""))
      .map((run) => ({
        label: run.name,
        description: placeName(place),
        detail: run.message,
        row: { place: place.id, run: run.name },
      })),
  )
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t("There is no such run. {title}", { title }))
    return []
  }
  const picked = await window.showQuickPick(items, { title, canPickMany: false })
  return picked ? [picked.row] : []
}

/** What a place knows of the row's run. */
export function knownRun({ runs }: CommandContext, { place, run }: Row): KnownRun | undefined {
  const state = runs.places.find((one) => one.place.id === place)
  return state?.runs.find(({ name }) => name === run)
}

export function placeOf({ runs }: CommandContext, row: Row) {
  return runs.places.find((one) => one.place.id === row.place)?.place
}

/** The row as a tree hands it to a command. */
export function nodeOf({ place, run, task, step }: Row): object {
  if (step !== undefined) return { kind: "step", place, run, step: { id: step } }
  if (task !== undefined) return { kind: "task", place, run, task: { name: task } }
  return { kind: "run", place, run: { name: run } }
}

/** Each run once. */
export function runsOf(rows: readonly Row[]): readonly Row[] {
  const byRun = new Map(rows.map((row) => [`${row.place}\n${row.run}`, row]))
  return [...byRun.values()]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}

function rowOf(value: unknown): Row | undefined {
  if (!isObject(value)) return undefined
  const { place, run, task, step } = value
  const named = nameOf(run)
  if (typeof place !== "string" || named === undefined) return undefined
  const stepId = nameOf(step)
  const taskName = nameOf(task) ?? stepId?.replace(/\.\d+$/, "")
  return {
    place,
    run: named,
    ...(taskName === undefined ? {} : { task: taskName }),
    ...(stepId === undefined ? {} : { step: stepId }),
  }
}

/** A name, or a view that has one. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  if (!isObject(value)) return undefined
  const { name, id } = value
  if (typeof id === "string") return id
  return typeof name === "string" ? name : undefined
}
