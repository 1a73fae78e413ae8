import type { Problem } from "../problem.ts"
import { entryAt, givenAt, nameSpan, stringAt } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"
import { error, hint, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** How one task says what it waits for. Whether those tasks are there is for another rule. */
export const dependents: TaskRule = {
  name: "dependents",
  dialects: ["execution", "gcs"],
  check: ({ tree, dialect }) => {
    const problems: Problem[] = []
    const seen = new Set<string>()
    for (const item of itemsOf(givenAt(tree, listKey(dialect)))) {
      if (item.kind !== "map") continue
      const target = stringAt(item, "target")
      if (target?.value === "") {
        const message = "The target is empty: name the task to wait for."
        problems.push(error("bad-value", target.span, message))
      } else if (target !== undefined && seen.has(target.value)) {
        const message = `"${target.value}" is listed twice here: once is enough.`
        problems.push(withRemedy(warning("bad-value", target.span, message), { kind: "drop-item" }))
      }
      if (target !== undefined) seen.add(target.value)
      const type = givenAt(item, "type")
      const isEmpty = type?.kind === "scalar" && type.value === ""
      if (type === undefined || isEmpty) {
        const written = entryAt(item, "type")
        const span = isEmpty
          ? type.span
          : (written?.key.span ?? target?.span ?? nameSpan(item, undefined))
        problems.push(
          withRemedy(
            hint("portability", span, sentences[dialect] ?? ""),
            isEmpty
              ? { kind: "write", value: "whole" }
              : { kind: "add", key: "type", map: item.span, value: "whole" },
          ),
        )
      }
    }
    return problems
  },
}

const sentences: Readonly<Partial<Record<Dialect, string>>> = {
  execution:
    'Without a type this waits for the whole task; KubeGene\'s own controller wants "type: whole" written out.',
  gcs: 'Without a type this waits for the whole job; genectl wants "type: whole" written out.',
}

function listKey(dialect: Dialect): string {
  return dialect === "gcs" ? "depends" : "dependents"
}
