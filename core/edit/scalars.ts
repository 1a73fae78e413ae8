import type { Path } from "../spec/describe.ts"
import type { ScalarNode, TreeNode } from "../spec/tree.ts"
import { isCopy } from "./section.ts"

export interface FoundScalar {
  readonly node: ScalarNode
  readonly path: Path
  readonly isKey: boolean
}

/** Every scalar of a tree that stands where the tree says, in the order of the text. */
export function* scalarsIn(tree: TreeNode, text: string, path: Path = []): Generator<FoundScalar> {
  if (isCopy(tree, text)) return
  switch (tree.kind) {
    case "scalar":
      yield { node: tree, path, isKey: false }
      return
    case "seq":
      for (const [i, item] of tree.items.entries()) yield* scalarsIn(item, text, [...path, i])
      return
    case "map":
      for (const { key, value } of tree.entries) {
        const inner = [...path, String(key.value)]
        yield { node: key, path: inner, isKey: true }
        yield* scalarsIn(value, text, inner)
      }
  }
}
