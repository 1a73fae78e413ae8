import type { Range, SpecFile } from "../spec/specFile.ts"
import { commandsToIter } from "./commandsToIter.ts"
import { convertFile } from "./convertFile.ts"
import { extractInput } from "./extractInput.ts"
import type { RangeEdit } from "./rangeEdit.ts"

/** Another way to write what stands there. */
export interface Refactoring {
  readonly title: string
  readonly kind: "refactor.rewrite" | "refactor.extract"
  readonly edits: readonly RangeEdit[]
  /** What the file's name should end with from then on. */
  readonly extension?: "json" | "yaml"
}

/**
 * What can be written another way at a place; `path` tells what the file is called. The whole file
 * is offered in another form where it begins, and wherever somebody asks for such things.
 */
export function refactorings(
  file: SpecFile,
  range: Range,
  path: string,
  isAskedFor: boolean,
): readonly Refactoring[] {
  const isBeginning = range.start.line === 0

  return [
    commandsToIter(file, range.start),
    extractInput(file, range),
    ...(isBeginning || isAskedFor ? convertFile(file, path) : []),
  ].filter((one) => one !== undefined)
}
