import type { DocumentSymbol } from "vscode-languageserver-types"
import type { SpecFile } from "#core/spec/specFile"
import type { Task } from "#core/workflow"
import { toRange } from "./toRange.ts"

/** Each workflow with its tasks, and each task with what it waits for. */
export function documentSymbols(file: SpecFile): DocumentSymbol[] {
  return file.documents().map(({ workflow, tree, dialect }) => ({
    name: workflow.name?.value || dialect,
    detail: dialect,
    kind: kinds.module,
    range: toRange(file, tree.span),
    selectionRange: toRange(file, workflow.name?.span ?? tree.span),
    children: workflow.tasks.map((task) => taskSymbol(task, file)),
  }))
}

function taskSymbol(task: Task, file: SpecFile): DocumentSymbol {
  const range = (span: { start: number; end: number }) =>
    toRange(file, { start: task.offset + span.start, end: task.offset + span.end })
  return {
    name: task.name?.value || "(no name)",
    kind: kinds.function,
    range: range(task.span),
    selectionRange: range(task.name?.span ?? task.span),
    children: task.dependencies.map(({ target, type, span }) => ({
      name: target.value || "(no name)",
      detail: type,
      kind: kinds.event,
      range: range(span),
      selectionRange: range(target.span),
    })),
  }
}

const kinds = { module: 2, function: 12, event: 24 } as const
