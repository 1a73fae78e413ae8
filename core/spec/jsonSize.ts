import type { TreeNode } from "./tree.ts"

/** How many bytes a node takes as JSON, near enough for a limit. */
export function jsonSize(node: TreeNode): number {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string" ? textSize(node.value) : Math.max(node.source.length, 4)
    case "seq": {
      let size = 2
      for (const item of node.items) size += jsonSize(item) + 1
      return size
    }
    case "map": {
      let size = 2
      for (const { key, value } of node.entries) size += textSize(key.source) + jsonSize(value) + 2
      return size
    }
  }
}

function textSize(text: string): number {
  let size = text.length + 2
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (character < 0x20 || character === 0x22 || character === 0x5c) size++
    else if (character > 0x7f) size += character > 0x7ff ? 2 : 1
  }
  return size
}
