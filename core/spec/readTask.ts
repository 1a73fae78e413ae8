import { taskRules } from "../check/rules.ts"
import type { Problem } from "../problem.ts"
import { nothing } from "./cursor.ts"
import type { DialectReader, Head } from "./dialect.ts"
import type { Anchors } from "./exact.ts"
import { jsonSize } from "./jsonSize.ts"
import { readText, type TextReading } from "./readText.ts"
import type { Layout } from "./split.ts"
import type { TaskReading } from "./taskItem.ts"
import type { ScalarNode, TreeNode } from "./tree.ts"

/** A task's node in the tree, and its key where tasks are the entries of a map. */
export interface TaskNode {
  readonly body: TreeNode
  readonly key: ScalarNode | undefined
}

/** Reads one task from its own text and asks every rule that looks at one task. */
export function readTask(
  text: string,
  layout: Layout,
  reader: DialectReader,
  head: Head,
  outside?: Anchors,
): TaskReading {
  const reading = readItem(text, layout, outside)
  const node = taskNode(reading.tree, layout)
  return {
    ...judge(node, reading.problems, reader, head),
    anchors: reading.anchors,
    needs: reading.needs,
  }
}

/** The tree of one task's text, to answer a question about a place in it. */
export function taskTree(text: string, layout: Layout, outside?: Anchors): TaskNode {
  return taskNode(readItem(text, layout, outside).tree, layout)
}

export function judge(
  { body, key }: TaskNode,
  known: readonly Problem[],
  reader: DialectReader,
  head: Head,
): Omit<TaskReading, "anchors" | "needs"> {
  const { dialect } = reader
  const facts = reader.readTask(body, key, head)
  const subject = { dialect, tree: body, key, task: facts, head }
  const isBroken = known.some(({ code }) => code === "syntax")
  let problems: Problem[] | undefined
  for (const rule of rulesFor(dialect)) {
    const found = rule.check(subject)
    if (found.length === 0) continue
    problems ??= [...known]
    for (const problem of found) {
      // What is missing, or of another kind, may only look so because the text could not be read.
      const isConsequence = problem.code === "missing-key" || problem.code === "wrong-type"
      if (!isBroken || !isConsequence) problems.push(problem)
    }
  }
  return { facts, problems: problems ?? known, bytes: jsonSize(body) + 1 }
}

const rules = new Map<string, typeof taskRules>()

function rulesFor(dialect: DialectReader["dialect"]): typeof taskRules {
  const known = rules.get(dialect)
  if (known) return known
  const own = taskRules.filter((rule) => rule.dialects.includes(dialect))
  rules.set(dialect, own)
  return own
}

function readItem(text: string, layout: Layout, outside: Anchors | undefined): TextReading {
  // In JSON the comma behind a task belongs to the list.
  return readText(layout.kind === "json" ? text.replace(/,?\s*$/, "") : text, outside)
}

function taskNode(tree: TreeNode | undefined, layout: Layout): TaskNode {
  if (layout.kind === "list" && tree?.kind === "seq") {
    return { body: tree.items[0] ?? nothing(0), key: undefined }
  }
  if (layout.kind === "map" && tree?.kind === "map") {
    const [entry] = tree.entries
    return { body: entry?.value ?? nothing(0), key: entry?.key }
  }
  return { body: tree ?? nothing(0), key: undefined }
}
