import type { Problem } from "../problem.ts"
import { field, fieldEntry, stringField } from "../spec/functionSpec.ts"
import { stringNode } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import { error, hint, warning, withRemedy } from "./report.ts"
import type { HeadRule, TaskRule } from "./rule.ts"

/** What a function spec says about its place among others. */
export const coloniesNode: TaskRule = {
  name: "coloniesNode",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree, dialect }) => {
    const problems: Problem[] = []
    const channels = fieldEntry(tree, "channels")
    if (channels !== undefined && itemsOf(channels.value).length > 100) {
      const message = `There are ${itemsOf(channels.value).length} channels; a process can have 100.`
      problems.push(error("bad-value", channels.key.span, message, "server"))
    }
    const name = stringField(tree, "funcname")
    if (
      tree.kind === "map" &&
      (name?.value ?? "") === "" &&
      (name ?? field(tree, "funcname")) === name
    ) {
      const place = fieldEntry(tree, "funcname")?.key ?? tree.entries[0]?.key ?? tree
      const message =
        'No function is named: an executor that takes this finds nothing to do. Write its "funcname".'
      const remedy = { kind: "add", key: "funcname", map: tree.span } as const
      problems.push(withRemedy(warning("missing-key", place.span, message, "advice"), remedy))
    }
    const dependencies = fieldEntry(field(tree, "conditions"), "dependencies")
    const items = itemsOf(dependencies?.value)
    if (dialect === "function" && dependencies !== undefined && items.length > 0) {
      const message =
        '"dependencies" counts only in a workflow; by itself a function waits for nothing.'
      const problem = warning("ignored-key", dependencies.key.span, message, "server")
      problems.push(withRemedy(problem, { kind: "drop-entry" }))
    }
    const seen = new Set<string>()
    for (const item of items) {
      const name = stringNode(item)
      if (name === undefined) continue
      if (seen.has(name.value)) {
        const message = `"${name.value}" is listed twice here, so its output arrives twice: once is enough.`
        const problem = warning("bad-value", name.span, message, "server")
        problems.push(withRemedy(problem, { kind: "drop-item" }))
      }
      seen.add(name.value)
    }
    return problems
  },
}

/** A workflow as an object is what the server takes, not what its command line takes. */
export const coloniesForm: HeadRule = {
  name: "coloniesForm",
  dialects: ["colonies-workflow"],
  check: ({ tree }) => {
    const specs = fieldEntry(tree, "functionspecs")
    if (specs === undefined) return []
    const message =
      "The Colonies command line takes only the bare list of function specs; ours takes this too."
    return [hint("portability", specs.key.span, message, "advice")]
  },
}
