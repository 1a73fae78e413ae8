import type { DocumentSymbol, Range } from "vscode-languageserver-types"
import type { Span } from "#core/problem"
import { down } from "#core/spec/documentText"
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
      children: taskSymbols(standing),
    })
  }
  return symbols
}

/** In larger workflows an outline that names each dependency is more than an editor can show. */
const mostWithDependencies = 1000

function taskSymbols(standing: Standing): DocumentSymbol[] {
  const { text } = standing.document
  const { items, layout } = text
  const withDependencies = items.length <= mostWithDependencies
  const [first] = items
  // Where tasks stand below each other their lines are counted on the way, not for each from the top.
  let line = first ? standing.line + text.positionOf({ item: first, offset: 0 }).line : 0
  return items.map((item) => {
    const start = line
    line += item.lineEnds
    const at = (offset: number) => down(item.positionAt(offset), start)
    const range = (span: Span): Range =>
      layout ? { start: at(span.start), end: at(span.end) } : rangeOf({ item, span }, standing)
    return taskSymbol(item, range, withDependencies)
  })
}

function taskSymbol(
  { task }: TaskItem,
  range: (span: Span) => Range,
  withDependencies: boolean,
): DocumentSymbol {
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
