import { givenAt, stringAt } from "../spec/lookup.ts"
import { error } from "./report.ts"
import type { HeadRule } from "./rule.ts"

/** When what follows a step may start: one of two words. */
export const startAnnotation: HeadRule = {
  name: "startAnnotation",
  dialects: ["execution"],
  check: ({ tree }) => {
    const annotations = givenAt(givenAt(tree, "metadata"), "annotations")
    const start = stringAt(annotations, "execution.kubegene.io/start")
    if (start === undefined || ["early", "complete"].includes(start.value)) return []
    const message = `"${start.value}" is not a way to start what follows: use "early" or "complete".`
    return [error("bad-value", start.span, message)]
  },
}
