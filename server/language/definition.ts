import type { Location, Position } from "vscode-languageserver-types"
import { tasksNamedAt } from "#core/spec/questionAt"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** From a dependency, or a function that reads a result, to the task it names. */
export function definition(file: SpecFile, uri: string, position: Position): Location[] {
  const found = tasksNamedAt(file, position)
  if (!found) return []
  const { standing, tasks } = found
  return tasks.map((item) => ({
    uri,
    range: rangeOf({ item, span: item.task.name?.span ?? item.task.span }, standing),
  }))
}
