import type { CodeLens, Command } from "vscode-languageserver-types"
import { count } from "#core/check/count"
import { jobCount, neighbours } from "#core/hint/jobCount"
import type { OpenDocument } from "#core/spec/openDocument"
import { rangeOf, type SpecFile } from "#core/spec/specFile"
import { firstErrorCommand, runCommand, showGraphCommand, showPlanCommand } from "../protocol.ts"

/** Above each workflow what can be done with it, above each task who waits for whom. */
export function codeLenses(file: SpecFile, uri: string): CodeLens[] {
  const lenses: CodeLens[] = []
  let index = 0
  for (const standing of file.standing()) {
    const { document } = standing
    const { dialect, frame, text } = document
    if (!dialect || !frame) continue
    const { start } = frame.tree.span
    const range = rangeOf({ item: undefined, span: { start, end: start } }, standing)
    for (const command of commandsOf(document, [uri, index])) lenses.push({ range, command })
    index++
    if (text.items.length > mostWithNeighbours || dialect === "function") continue
    for (const item of text.items) {
      const title = neighbours(item, document)
      const { name } = item.task
      if (!title || !name) continue
      lenses.push({
        range: rangeOf({ item, span: name.span }, standing),
        command: { title, command: "" },
      })
    }
  }
  return lenses
}

/** Editors ask about every lens that is in sight; in long files they would be a second text. */
const mostWithNeighbours = 200

function commandsOf(document: OpenDocument, about: unknown[]): Command[] {
  const errors = errorsIn(document)
  const command = (title: string, id: string): Command => ({ title, command: id, arguments: about })
  return [
    errors > 0
      ? command(count(errors, "problem"), firstErrorCommand)
      : command("$(play) Run", runCommand),
    command("Graph", showGraphCommand),
    command(errors > 0 ? "Plan" : `Plan: ${jobCount(document)}`, showPlanCommand),
  ]
}

function errorsIn(document: OpenDocument): number {
  let errors = 0
  for (const { problem } of document.problems()) if (problem.severity === "error") errors++
  return errors
}
