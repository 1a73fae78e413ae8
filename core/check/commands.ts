import type { Problem } from "../problem.ts"
import { entryAt, givenAt, nameSpan } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import { error, hint, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** What a task runs: its commands, under the name that KubeGene's code reads. */
export const commands: TaskRule = {
  name: "commands",
  dialects: ["execution"],
  check: ({ tree, key, task }) => {
    if (tree.kind !== "map") return []
    const problems: Problem[] = []
    const old = entryAt(tree, "commands")
    const set = entryAt(tree, "commandSet")
    const hasIter = givenAt(tree, "commandsIter") !== undefined
    const name = task.name === undefined ? "This task" : `Task "${task.name.value}"`
    if (old !== undefined && set !== undefined) {
      const message = '"commands" is not used because "commandSet" is there.'
      problems.push(
        withRemedy(warning("ignored-key", old.key.span, message), { kind: "drop-entry" }),
      )
    } else if (old !== undefined) {
      const message =
        '"commands" is called "commandSet" in KubeGene\'s code: its own controller refuses this name, ours reads both.'
      const remedy = { kind: "write", value: "commandSet" } as const
      problems.push(withRemedy(hint("deprecated-key", old.key.span, message), remedy))
    }
    const used = set ?? old
    if (used !== undefined && hasIter && itemsOf(used.value).length > 0) {
      const message = `"${used.key.value}" is not used because "commandsIter" is there.`
      problems.push(
        withRemedy(warning("ignored-key", used.key.span, message), { kind: "drop-entry" }),
      )
    }
    if (hasIter) return problems
    const value = used === undefined ? undefined : givenAt(tree, String(used.key.value))
    if (value?.kind === "seq" && value.items.length === 0) {
      const message = `${name} has nothing to run: "${used?.key.value}" is empty.`
      problems.push(error("bad-value", value.span, message))
    } else if (value === undefined && givenAt(tree, "jobTemplate") === undefined) {
      const message = `${name} has nothing to run: give it "commandSet" or "commandsIter".`
      const remedy = { kind: "add", key: "commandSet", map: tree.span } as const
      problems.push(withRemedy(error("missing-key", nameSpan(tree, key), message), remedy))
    }
    return problems
  },
}
