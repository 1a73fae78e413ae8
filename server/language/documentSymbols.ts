import type { DocumentSymbol } from "vscode-languageserver-types"
import { rangeOf, type SpecFile, type Standing } from "#core/spec/specFile"
import type { TaskItem } from "#core/spec/taskItem"

/** Each workflow with its tasks, and each task with what it waits for. */
export function documentSymbols(file: SpecFile): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = []
  for (const standing of file.standing()) {
    const { dialect, frame, text } = standing.document
    if (!dialect || !frame) continue
    const { name } = frame.head
    const start = rangeOf({ item: undefined, span: { start: 0, end: 0 } }, standing).start
    const end = { line: standing.line + text.lineEnds, character: 0 }
    const range = { start, end: text.lineEnds === 0 ? file.positionAt(text.length) : end }
    const selection = name ? rangeOf({ item: undefined, span: name.span }, standing) : range
    symbols.push({
      name: name?.value || dialect,
      detail: dialect,
      kind: kinds.module,
      range,
      selectionRange: contains(range, selection) ? selection : range,
      children: text.items.map((item) =>
        taskSymbol(item, standing, text.items.length <= mostWithDependencies),
      ),
    })
  }
  return symbols
}

/** In larger workflows an outline that names each dependency is more than an editor can show. */
const mostWithDependencies = 1000

function taskSymbol(item: TaskItem, standing: Standing, withDependencies: boolean): DocumentSymbol {
  const { task } = item
  const range = (span: { start: number; end: number }) => rangeOf({ item, span }, standing)
  return {
    name: task.name?.value || "(no name)",
    kind: kinds.function,
    range: range(task.span),
    selectionRange: range(task.name?.span ?? task.span),
    ...(withDependencies && task.dependencies.length > 0
      ? {
          children: task.dependencies.map(({ target, type, span }) => ({
            name: target.value || "(no name)",
            detail: type,
            kind: kinds.event,
            range: range(span),
            selectionRange: range(target.span),
          })),
        }
      : {}),
  }
}

function contains(outer: DocumentSymbol["range"], inner: DocumentSymbol["range"]): boolean {
  return inner.start.line >= outer.start.line && inner.end.line <= outer.end.line
}

const kinds = { module: 2, function: 12, event: 24 } as const
