import type { Problem } from "../problem.ts"
import { field, isContainerSpec } from "../spec/functionSpec.ts"
import { entriesOf, givenAt, stringNode } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import { error, hint, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The environment of a container, and the texts that the published KubeExecutor writes into YAML. */
export const coloniesEnv: TaskRule = {
  name: "coloniesEnv",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree }) => {
    if (!isContainerSpec(tree)) return []
    const env = entriesOf(field(tree, "env"))
    const kwargs = field(tree, "kwargs")
    const texts = [
      givenAt(kwargs, "init-cmd"),
      givenAt(kwargs, "cmd"),
      ...itemsOf(givenAt(kwargs, "args")),
      ...env.map(({ value }) => value),
    ]
    return [
      ...env.flatMap(({ key }) => checkName(String(key.value), key.span)),
      ...texts.flatMap((node) => {
        const text = stringNode(node)
        if (text === undefined || !/["\\]/.test(text.value)) return []
        const message =
          'The published KubeExecutor writes this between double quotes into YAML, so a " or \\ in it breaks the Job; ours passes it on as it is.'
        return [hint("portability", text.span, message, "executor")]
      }),
    ]
  },
}

function checkName(name: string, span: Problem["span"]): Problem[] {
  if (name === "COLONIES_PROCESS_ID") {
    const message = '"COLONIES_PROCESS_ID" is set by the executor; this value is not used.'
    return [warning("ignored-key", span, message, "executor")]
  }
  if (/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) return []
  const message = `"${name}" is not a name for a variable: use letters, digits, "_", "-" and ".", with no digit first.`
  return [error("bad-name", span, message, "executor")]
}
