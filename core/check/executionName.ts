import { betterName, labelFault, nameSentence } from "../spec/dnsName.ts"
import { error, withRemedy, writing } from "./report.ts"
import type { HeadRule } from "./rule.ts"

/** The names of all Jobs begin with the Execution's name, so a dot in it would end it too early. */
export const executionName: HeadRule = {
  name: "executionName",
  dialects: ["execution"],
  check: ({ head: { name, namespace } }) =>
    [
      { thing: "Execution", text: name },
      { thing: "Namespace", text: namespace },
    ].flatMap(({ thing, text }) => {
      const fault = text && labelFault(text.value)
      if (fault === undefined || text === undefined) return []
      const code = fault.kind === "long" ? "name-too-long" : "bad-name"
      const problem = error(code, text.span, nameSentence(thing, text.value, fault))
      return [withRemedy(problem, writing(betterName(fault)))]
    }),
}
