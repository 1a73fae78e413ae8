import { duplicateKeys } from "../check/duplicateKey.ts"
import type { Problem } from "../problem.ts"
import { type Anchors, readExactly } from "./exact.ts"
import { readExactTail } from "./exactTail.ts"
import { withMerges } from "./merge.ts"
import { read } from "./reader.ts"
import { unknownCodes } from "./suppress.ts"
import type { TreeNode } from "./tree.ts"

export interface TextReading {
  readonly tree: TreeNode | undefined
  readonly problems: readonly Problem[]
  /** Anchors the text defines, as they stand at its end. */
  readonly anchors: Anchors | undefined
  /** Names of aliases whose anchors must stand before this text. */
  readonly needs: readonly string[]
}

/** Longer texts that the fast reader is not certain of are read as far as it gets. */
const exactLimit = 400_000

/** Reads one document, or one task of it: fast where that is certain, exactly where it is not. */
export function readText(text: string, outside?: Anchors): TextReading {
  const fast = read(text)
  if (fast.stoppedAt === undefined) return finish(fast.tree, [], text)
  if (text.length > exactLimit) return finish(fast.tree, [notRead(fast.stoppedAt, text)], text)
  const first = readExactTail(text, fast, outside) ?? readExactly(text, outside)[0]
  if (!first) return finish(undefined, [], text)
  return { ...finish(first.tree, first.problems, text), anchors: first.anchors, needs: first.needs }
}

function finish(
  tree: TreeNode | undefined,
  problems: readonly Problem[],
  text: string,
): TextReading {
  const found = [...(tree ? duplicateKeys(tree) : []), ...unknownCodes(text)]
  return {
    tree: tree && text.includes("<<") ? withMerges(tree) : tree,
    problems: found.length > 0 ? [...problems, ...found] : problems,
    anchors: undefined,
    needs: [],
  }
}

function notRead(start: number, text: string): Problem {
  const newline = text.indexOf("\n", start)
  return {
    code: "too-large",
    severity: "warning",
    message:
      "From here on the text is not read: it is too large for the way it is written, or there is a mistake here. Tasks as a plain list are read at any size.",
    span: { start, end: newline < 0 ? text.length : newline },
  }
}
