import { count } from "./count.ts"
import type { TaskRule } from "./rule.ts"

/** A task that becomes so many Jobs that its author should know. */
export const fanOut: TaskRule = {
  name: "fanOut",
  dialects: ["execution", "gcs"],
  check: ({ task: { steps, name, span } }) => {
    if (steps.kind !== "known" || steps.count < notable) return []
    const jobs = count(steps.count, "Job")
    return [
      {
        code: "fan-out",
        severity: steps.count < heavy ? "info" : "warning",
        message: `"${name?.value ?? ""}" becomes ${jobs}${steps.count < heavy ? "." : ": more than most clusters keep at a time."}`,
        span: name?.span ?? span,
        authority: "advice",
      },
    ]
  },
}

const notable = 1_000
const heavy = 10_000
