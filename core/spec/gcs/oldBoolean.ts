import type { ScalarNode, TreeNode } from "../tree.ts"

/** What YAML 1.1, which genectl reads, takes for true or false and today's YAML for text. */
export function oldBoolean(node: TreeNode): ScalarNode | undefined {
  if (node.kind !== "scalar" || node.style !== "plain" || typeof node.value !== "string") {
    return undefined
  }
  return /^(?:y|n|yes|no|on|off)$/i.test(node.value) ? node : undefined
}
