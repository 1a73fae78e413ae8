import type { WorkspaceSymbol } from "vscode-languageserver-types"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** Workflows and tasks of the open files whose names hold the letters asked for, in their order. */
export function workspaceSymbols(
  files: Iterable<readonly [uri: string, file: SpecFile]>,
  query: string,
): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = []
  const letters = query.toLowerCase()
  for (const [uri, file] of files) {
    for (const standing of file.standing()) {
      const { dialect, frame, text } = standing.document
      if (!dialect || !frame) continue
      const { name } = frame.head
      const workflow = name?.value || dialect
      if (name && holds(workflow, letters)) {
        const range = rangeOf({ item: undefined, span: name.span }, standing)
        found.push({ name: workflow, kind: kinds.module, location: { uri, range } })
      }
      for (const item of text.items) {
        if (found.length >= most) return found
        const own = item.task.name
        if (!own?.value || !holds(own.value, letters)) continue
        const range = rangeOf({ item, span: own.span }, standing)
        const location = { uri, range }
        found.push({ name: own.value, kind: kinds.function, containerName: workflow, location })
      }
    }
  }
  return found
}

/** A list longer than this is searched with another letter. */
const most = 500

function holds(name: string, letters: string): boolean {
  let at = 0
  for (let i = 0; i < name.length && at < letters.length; i++) {
    if (name.charAt(i).toLowerCase() === letters.charAt(at)) at++
  }
  return at === letters.length
}

const kinds = { module: 2, function: 12 } as const
