import { scanReferences } from "../spec/expression.ts"
import { entryAt, textAt } from "../spec/lookup.ts"
import { error, hint, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** A gcs job's image comes from a tool file, found by `name:version`. */
export const gcsTool: TaskRule = {
  name: "gcsTool",
  dialects: ["gcs"],
  check: ({ tree }) => {
    const problems = []
    const image = entryAt(tree, "image")
    if (image !== undefined) {
      const message = '"image" is not used: the image comes from the tool.'
      problems.push(
        withRemedy(warning("ignored-key", image.key.span, message), { kind: "drop-entry" }),
      )
    }
    const type = entryAt(tree, "type")
    if (type !== undefined) {
      const message = '"type" says nothing here: every job is a Job.'
      problems.push(withRemedy(hint("ignored-key", type.key.span, message), { kind: "drop-entry" }))
    }
    const tool = textAt(tree, "tool")
    if (tool === undefined) return problems
    if (tool.value === "") {
      const message = 'The tool is empty: name one of a tool file, as in "bwa:0.7.12".'
      problems.push(error("bad-value", tool.span, message))
    } else if (scanReferences(tool.value).length > 0) {
      const message = `A tool is taken as it is written: "${tool.value}" is not filled in.`
      problems.push(error("bad-expression", tool.span, message))
    } else if (!/^.+:[^:]+$/.test(tool.value)) {
      const message = `"${tool.value}" is in no tool file: a tool is name and version, as in "${tool.value.replace(/:*$/, "")}:1.0".`
      problems.push(error("bad-value", tool.span, message))
    }
    return problems
  },
}
