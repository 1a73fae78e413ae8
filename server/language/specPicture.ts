import { shortHash } from "#core/plan/hash"
import { taskNames } from "#core/spec/convertNames"
import type { Diagnosis } from "#core/spec/specFile"
import { rangeOf, type SpecFile, type Standing } from "#core/spec/specFile"
import type { TaskItem } from "#core/spec/taskItem"
import type { TaskPicture, WorkflowPicture } from "../protocol.ts"

/** Each workflow of the file: its size, its mistakes, and where its tasks stand. */
export function specPicture(file: SpecFile): readonly WorkflowPicture[] {
  const errors = [...file.diagnose()].filter(({ severity }) => severity === "error")
  return workflowsOf(file).map((standing) => workflowPicture(standing, errors))
}

/** The documents of the file that hold a workflow, as they are counted everywhere. */
export function workflowsOf(file: SpecFile): readonly Standing[] {
  return [...file.standing()].filter(({ document }) => document.dialect && document.frame)
}

/** The tasks by the names that a run gives them. */
export function runNames({ document }: Standing): readonly string[] {
  const names = document.text.items.map(({ task }) => task.name?.value)
  const isColonies = document.dialect === "function" || document.dialect === "colonies-workflow"
  return isColonies ? taskNames(names) : names.map((name) => name ?? "")
}

function workflowPicture(standing: Standing, errors: readonly Diagnosis[]): WorkflowPicture {
  const { document, line } = standing
  const { items, lineEnds } = document.text
  const lastLine = line + lineEnds
  const own = errors.filter(({ range }) => range.start.line >= line && range.start.line <= lastLine)
  const counts = items.map(({ task }) => (task.steps.kind === "known" ? task.steps.count : 0))
  const names = runNames(standing)
  return {
    dialect: document.dialect ?? "execution",
    name: document.frame?.head.name?.value,
    firstLine: line,
    lastLine,
    jobs: counts.reduce((sum, count) => sum + count, 0),
    orMore: items.some(({ task }) => task.steps.kind === "dynamic"),
    errors: own.length,
    firstError: own[0]?.range.start,
    hash: shortHash(document.text.text()),
    tasks: items.map((item, index) => taskPicture(item, names[index] ?? "", standing)),
  }
}

function taskPicture(item: TaskItem, name: string, standing: Standing): TaskPicture {
  const { task } = item
  const range = rangeOf({ item, span: task.span }, standing)
  const named = task.name ? rangeOf({ item, span: task.name.span }, standing) : range
  return {
    name,
    firstLine: range.start.line,
    lastLine: range.end.line,
    nameLine: named.start.line,
    hash: hashOf(item, standing),
  }
}

/** Kept by the item: one edit changes one task. */
const hashes = new WeakMap<TaskItem, { readonly text: string; readonly hash: string }>()

function hashOf(item: TaskItem, { document }: Standing): string {
  const { start, end } = item.task.span
  // In a document read whole an item has no text of its own, and its spans count from the start.
  const text = document.text.layout
    ? item.text.slice(start, end)
    : document.text.text().slice(start, end)
  const known = hashes.get(item)
  if (known?.text === text) return known.hash
  const hash = shortHash(text.replace(/\s+$/, ""))
  hashes.set(item, { text, hash })
  return hash
}
