import type { Path } from "./describe.ts"
import type { ScalarNode, TreeNode } from "./tree.ts"

/** What stands at an offset of a tree: a key, or a value, and the way to it from the root. */
export interface AtOffset {
  readonly path: Path
  readonly key: ScalarNode | undefined
  readonly value: TreeNode
  /** The offset is in the key, not in its value. */
  readonly isInKey: boolean
}

export function pathAt(root: TreeNode, offset: number): AtOffset | undefined {
  if (!contains(root, offset)) return undefined
  const path: (string | number)[] = []
  let key: ScalarNode | undefined
  let value = root
  for (;;) {
    if (value.kind === "seq") {
      const index = value.items.findIndex((item) => contains(item, offset))
      const item = value.items[index]
      if (!item) break
      path.push(index)
      key = undefined
      value = item
    } else if (value.kind === "map") {
      const entry = value.entries.findLast(
        (one) => contains(one.key, offset) || contains(one.value, offset),
      )
      if (!entry) break
      path.push(String(entry.key.value))
      key = entry.key
      value = entry.value
      if (contains(entry.key, offset)) return { path, key, value, isInKey: true }
    } else break
  }
  return { path, key, value, isInKey: false }
}

function contains({ span }: TreeNode, offset: number): boolean {
  return span.start <= offset && offset <= span.end
}
