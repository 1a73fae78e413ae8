import type { CodeLens } from "vscode-languageserver-types"
import type { SpecFile } from "#core/spec/specFile"
import type { WorkflowPicture } from "../protocol.ts"
import { firstErrorCommand, graphCommand, planCommand, runCommand } from "../protocol.ts"
import { specPicture, workflowsOf } from "./specPicture.ts"

/** The lenses above each workflow of the file. */
export function codeLenses(file: SpecFile, uri: string): CodeLens[] {
  const standings = workflowsOf(file)
  return specPicture(file).flatMap((workflow, index) => {
    const tree = standings[index]?.document.frame?.tree
    const line = tree ? firstLineOf(standings[index], tree.span.start) : workflow.firstLine
    const range = { start: { line, character: 0 }, end: { line, character: 0 } }
    const lens = (title: string, command: string): CodeLens => ({
      range,
      command: { title, command, arguments: [uri, index] },
    })
    const { errors } = workflow
    return [
      errors > 0
        ? lens(`${errors} ${errors === 1 ? "problem" : "problems"}`, firstErrorCommand)
        : lens("$(play) Run", runCommand),
      lens("Graph", graphCommand),
      lens(planTitle(workflow), planCommand),
    ]
  })
}

function firstLineOf(standing: ReturnType<typeof workflowsOf>[number] | undefined, offset: number) {
  if (!standing) return 0
  const { document, line } = standing
  return line + document.text.positionOf({ item: undefined, offset }).line
}

function planTitle({ errors, jobs, orMore }: WorkflowPicture): string {
  if (errors > 0) return "Plan"
  return `Plan: ${jobs} ${jobs === 1 ? "Job" : "Jobs"}${orMore ? " or more" : ""}`
}
