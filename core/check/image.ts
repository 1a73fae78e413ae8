import type { Problem } from "../problem.ts"
import { imageFault } from "../spec/imageReference.ts"
import { givenAt, nameSpan, type StringNode, stringAt } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import { error, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The image a task's containers run: there, and written so that a node can pull it. */
export const image: TaskRule = {
  name: "image",
  dialects: ["execution"],
  check: ({ tree, key, task }) => {
    if (tree.kind !== "map") return []
    const written = stringAt(tree, "image")
    const pod = givenAt(givenAt(givenAt(tree, "jobTemplate"), "spec"), "template")
    const containers = itemsOf(givenAt(givenAt(pod, "spec"), "containers"))
    const found = [written, ...containers.map((container) => stringAt(container, "image"))]
    const problems = found.flatMap((node) => (node === undefined ? [] : imageProblems(node)))
    const first = containers[0]
    if (
      givenAt(tree, "image") === undefined &&
      (first === undefined || givenAt(first, "image") === undefined)
    ) {
      const who = task.name === undefined ? "This task" : `Task "${task.name.value}"`
      const hasTemplate = givenAt(tree, "jobTemplate") !== undefined
      const place = hasTemplate ? '"image", or a container with one in "jobTemplate"' : '"image"'
      const message = `${who} has no image: give it ${place}.`
      const remedy = { kind: "add", key: "image", map: tree.span } as const
      problems.push(withRemedy(error("missing-key", nameSpan(tree, key), message), remedy))
    }
    return problems
  },
}

function imageProblems(node: StringNode): Problem[] {
  if (node.value === "") {
    return [error("bad-value", node.span, "The image is empty: name the one the commands run in.")]
  }
  const why = imageFault(node.value)
  if (why === undefined) return []
  const message = `"${node.value}" is not an image: ${why} (InvalidImageName).`
  return [error("bad-value", node.span, message)]
}
