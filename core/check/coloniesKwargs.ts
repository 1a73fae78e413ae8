import type { Problem } from "../problem.ts"
import { field, isContainerSpec, stringField } from "../spec/functionSpec.ts"
import { imageFault } from "../spec/imageReference.ts"
import { entriesOf, entryAt, givenAt, shown, stringNode } from "../spec/lookup.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import { error, hint, quoting, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** What the KubeExecutor reads from kwargs, and how. */
export const coloniesKwargs: TaskRule = {
  name: "coloniesKwargs",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree }) => {
    const kwargs = field(tree, "kwargs")
    const image = entryAt(kwargs, "docker-image")
    if (image === undefined) return []
    if (!isContainerSpec(tree)) return otherFunction(tree)
    return [
      ...checkImage(image.value),
      ...checkCommand(kwargs, image.key.span),
      ...checkArgs(givenAt(kwargs, "args")),
      ...ignored(kwargs),
    ]
  },
}

function otherFunction(spec: TreeNode): Problem[] {
  const name = stringField(spec, "funcname")
  if (name === undefined || name.value === "sync") return []
  const message = `The KubeExecutor runs "execute" and "sync" only: it fails a process with the function "${name.value}".`
  return [warning("bad-value", name.span, message, "executor")]
}

function checkImage(image: TreeNode): Problem[] {
  const node = stringNode(image)
  if (node === undefined) {
    return [error("wrong-type", image.span, '"docker-image" has to be a text.', "executor")]
  }
  const why = node.value === "" ? "it is empty" : imageFault(node.value)
  if (why === undefined) return []
  const message = `"${node.value}" is not an image: ${why} (InvalidImageName).`
  return [error("bad-value", node.span, message, "executor")]
}

function checkCommand(kwargs: TreeNode | undefined, place: Problem["span"]): Problem[] {
  const problems: Problem[] = []
  const command = entryAt(kwargs, "cmd")
  if (command === undefined) {
    const message = 'The KubeExecutor wants a "cmd" beside the image: the command to run.'
    problems.push(error("missing-key", place, message, "executor"))
  } else if (stringNode(command.value) === undefined) {
    problems.push(error("wrong-type", command.value.span, '"cmd" has to be a text.', "executor"))
  }
  const before = givenAt(kwargs, "init-cmd")
  if (before !== undefined && stringNode(before) === undefined) {
    const message = '"init-cmd" is not run: it has to be a text.'
    problems.push(warning("wrong-type", before.span, message, "executor"))
  }
  return problems
}

function checkArgs(args: TreeNode | undefined): Problem[] {
  if (args === undefined) return []
  if (args.kind !== "seq") {
    const message = '"args" is passed over because it is not a list.'
    return [warning("wrong-type", args.span, message, "executor")]
  }
  return itemsOf(args).flatMap((item) => {
    if (stringNode(item) !== undefined) return []
    const better = item.kind === "scalar" ? `: write "${shown(item)}" in quotes` : ""
    const message = `Each of "args" has to be a text; anything else ends the published KubeExecutor itself${better}.`
    return [withRemedy(error("wrong-type", item.span, message, "executor"), quoting(item))]
  })
}

const unused = ["rebuild-image", "debug", "keep_snapshots"]

function ignored(kwargs: TreeNode | undefined): Problem[] {
  return entriesOf(kwargs).flatMap(({ key }) =>
    unused.includes(String(key.value))
      ? [
          withRemedy(
            hint(
              "ignored-key",
              key.span,
              `The KubeExecutor does not use "${key.value}".`,
              "executor",
            ),
            { kind: "drop-entry" },
          ),
        ]
      : [],
  )
}
