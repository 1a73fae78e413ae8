import { field as coloniesField } from "#core/spec/functionSpec"
import { givenAt } from "#core/spec/lookup"
import { rangeOf, type SpecFile, type Standing } from "#core/spec/specFile"
import type { TaskItem } from "#core/spec/taskItem"
import { itemsOf, type TreeNode } from "#core/spec/tree"
import type { Cause, CausesResult, WantedCause } from "../protocol.ts"
import { runNames, workflowsOf } from "./specPicture.ts"

/** The smallest stretch of text that each failure or wait is due to. */
export function causes(
  file: SpecFile,
  index: number,
  wanted: readonly WantedCause[],
): CausesResult {
  const standing = workflowsOf(file)[index]
  if (!standing) return wanted.map(() => null)
  const names = runNames(standing)
  return wanted.map((cause) => {
    const item = standing.document.text.items[names.indexOf(cause.task)]
    return item ? causeIn(item, standing, cause) : null
  })
}

function causeIn(item: TaskItem, standing: Standing, { step, field }: WantedCause): Cause {
  const { document } = standing
  const tree = document.taskTree(item)?.body ?? wholeTree(item, standing)
  const command = tree && commandNode(tree, step, document.dialect)
  const found = field === "command" ? command : tree && fieldNode(tree, field, document.dialect)
  const { task } = item
  const span = found?.span ?? task.name?.span ?? task.span
  const text = found?.kind === "scalar" ? found.source : ""
  return {
    ...rangeOf({ item, span }, standing),
    text,
    command: command && rangeOf({ item, span: command.span }, standing),
  }
}

/** The node of a task in a document that was read whole. */
function wholeTree(item: TaskItem, { document }: Standing): TreeNode | undefined {
  const root = document.frame?.tree
  return root && nodeWith(root, item)
}

function nodeWith(node: TreeNode, item: TaskItem): TreeNode | undefined {
  const { start, end } = item.task.span
  if (node.kind === "scalar" || node.span.start > start || node.span.end < end) return undefined
  if (node.kind === "map" && node.span.start >= start && node.span.end <= end) return node
  const inner = node.kind === "seq" ? node.items : node.entries.map(({ value }) => value)
  for (const one of inner) {
    const found = nodeWith(one, item)
    if (found) return found
  }
  // Where tasks are entries of a map the task begins with its key.
  return undefined
}

type Dialect = Standing["document"]["dialect"]

function fieldNode(
  task: TreeNode,
  field: string | undefined,
  dialect: Dialect,
): TreeNode | undefined {
  const at = (...path: readonly string[]) =>
    path.reduce<TreeNode | undefined>((node, key) => givenAt(node, key), task)
  const inColonies = (...path: readonly string[]) =>
    path.reduce<TreeNode | undefined>((node, key) => coloniesField(node, key), task)
  const isColonies = dialect === "function" || dialect === "colonies-workflow"
  switch (field) {
    case "image":
      if (isColonies) return inColonies("kwargs", "docker-image")
      return at("image") ?? at("tool") ?? containerAt(task, "image")
    case "memory":
      if (isColonies) return inColonies("conditions", "mem")
      return at("resources", "memory") ?? containerAt(task, "resources", "limits", "memory")
    case "cpu":
      if (isColonies) return inColonies("conditions", "cpu")
      return at("resources", "cpu") ?? containerAt(task, "resources", "limits", "cpu")
    case "activeDeadlineSeconds":
      return isColonies ? inColonies("conditions", "walltime") : at(field)
    case "volumes":
    case "nodeSelector":
    case "jobTemplate":
      return at(field)
    default:
      return undefined
  }
}

/** In a jobTemplate, where the first container is the task's own. */
function containerAt(task: TreeNode, ...path: readonly string[]): TreeNode | undefined {
  const spec = ["jobTemplate", "spec", "template", "spec", "containers"].reduce<
    TreeNode | undefined
  >((node, key) => givenAt(node, key), task)
  return path.reduce<TreeNode | undefined>((node, key) => givenAt(node, key), itemsOf(spec)[0])
}

function commandNode(task: TreeNode, step: number, dialect: Dialect): TreeNode | undefined {
  if (dialect === "function" || dialect === "colonies-workflow") {
    return coloniesField(coloniesField(task, "kwargs"), "cmd")
  }
  const lists = dialect === "gcs" ? ["commands"] : ["commandSet", "commands"]
  const written = lists.map((key) => itemsOf(givenAt(task, key))).find((list) => list.length > 0)
  const own = written?.[step]
  if (own) return own
  // What comes after the written ones is made from one line with variables.
  const iter = givenAt(task, dialect === "gcs" ? "commands_iter" : "commandsIter")
  return givenAt(iter, "command") ?? containerAt(task, "command")
}
