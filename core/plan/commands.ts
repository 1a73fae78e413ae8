import { fillCommand } from "../spec/expressionProduct.ts"
import type { TaskSpec } from "./execution.ts"
import type { CommandsIter } from "./readCommandsIter.ts"

/** More could not be held by one object of the API server, nor by this machine for long. */
export const mostSteps = 50_000

/** What a task printed, by task name; undefined while it is not known. */
export type Results = (task: string) => string | undefined

/** How many steps a task has, as far as the text alone can tell. */
export function stepCount(task: TaskSpec): number | undefined {
  return stepCountWith(task, () => undefined)
}

/** How many steps a task has; undefined while a result it needs is not known. */
export function stepCountWith(task: TaskSpec, results: Results): number | undefined {
  if (task.commandsIter !== undefined) {
    return rowValues(task.commandsIter, results)?.reduce((count, row) => count * row.length, 1)
  }
  // Only a jobTemplate may stand in for the commands, and it is one step.
  return task.commands.length > 0 ? task.commands.length : 1
}

/** The command of one step; undefined when the jobTemplate's own command runs. */
export function commandOf(task: TaskSpec, index: number, results: Results): string | undefined {
  if (task.commandsIter === undefined) return task.commands[index]
  const rows = rowValues(task.commandsIter, results) ?? []
  const columns: string[] = []
  let rest = index
  // The first row is the slowest, so the digits are taken from the last row.
  for (let row = rows.length - 1; row >= 0; row--) {
    const candidates = rows[row] ?? []
    columns[row] = candidates[rest % candidates.length] ?? ""
    rest = Math.floor(rest / candidates.length)
  }
  return fillCommand(task.commandsIter.command, columns, index)
}

/** The tasks whose output decides how, or whether, this task runs; each once. */
export function resultTasks(task: TaskSpec): readonly string[] {
  const names = new Set(task.commandsIter === undefined ? [] : rowTasks(task.commandsIter))
  for (const condition of [task.genericCondition, task.condition]) {
    if (condition !== undefined && condition.kind !== "literal") names.add(condition.task)
  }
  return [...names]
}

function rowTasks(iter: CommandsIter): readonly string[] {
  return iter.rows.flatMap((row) => (row.kind === "result" ? [row.task] : []))
}

function rowValues(
  iter: CommandsIter,
  results: Results,
): readonly (readonly string[])[] | undefined {
  const rows: (readonly string[])[] = []
  for (const row of iter.rows) {
    if (row.kind === "values") {
      rows.push(row.values)
      continue
    }
    const result = results(row.task)
    if (result === undefined) return undefined
    const pieces = row.separator === "" ? [result] : result.split(row.separator)
    rows.push(pieces.filter((piece) => piece !== ""))
  }
  return rows
}
