import type { FoldingRange } from "vscode-languageserver-types"
import { folds } from "#core/edit/folds"
import type { SpecFile } from "#core/spec/specFile"

/** What can be folded: whatever holds lines further right, texts, brackets and runs of comments. */
export function foldingRanges(file: SpecFile): FoldingRange[] {
  return folds(file.text()).map(({ start, end, isComment }) => ({
    startLine: start,
    endLine: end,
    ...(isComment ? { kind: "comment" } : {}),
  }))
}
