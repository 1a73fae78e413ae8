import type { CodeLens } from "vscode-languageserver-types"
import type { SpecFile } from "#core/spec/specFile"
import { runCommand } from "../protocol.ts"
import { toRange } from "./toRange.ts"

/** The lenses above each workflow of the file. */
export function codeLenses(file: SpecFile, uri: string): CodeLens[] {
  return file.documents().map((document, index) => ({
    range: toRange(file, { start: document.tree.span.start, end: document.tree.span.start }),
    command: { title: "$(play) Run", command: runCommand, arguments: [uri, index] },
  }))
}
