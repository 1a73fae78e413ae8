import type { Problem, Span } from "../problem.ts"
import type { Dialect, Workflow } from "../workflow.ts"
import { SpecFile } from "./specFile.ts"
import type { TreeNode } from "./tree.ts"

/** One document of a file that is ours. Every span counts from the start of the file. */
export interface SpecDocument {
  readonly dialect: Dialect
  readonly span: Span
  readonly workflow: Workflow
  /** All mistakes, in the order of the text. */
  readonly problems: readonly Problem[]
  /** The whole document, its spans counted from the start of the document. Made when asked for. */
  readonly tree: TreeNode
}

/** Reads a file: every document of ours, each with its workflow and all its mistakes. */
export function parse(text: string, path = ""): readonly SpecDocument[] {
  return new SpecFile(text, path).documents()
}
