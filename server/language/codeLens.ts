import type { CodeLens } from "vscode-languageserver-types"
import { rangeOf, type SpecFile } from "#core/spec/specFile"
import { runCommand } from "../protocol.ts"

/** The lenses above each workflow of the file. */
export function codeLenses(file: SpecFile, uri: string): CodeLens[] {
  const lenses: CodeLens[] = []
  for (const standing of file.standing()) {
    const { dialect, frame } = standing.document
    if (!dialect || !frame) continue
    const { start } = frame.tree.span
    lenses.push({
      range: rangeOf({ item: undefined, span: { start, end: start } }, standing),
      command: { title: "$(play) Run", command: runCommand, arguments: [uri, lenses.length] },
    })
  }
  return lenses
}
