import { reasonsText } from "#core/plan/checkExecution"
import { readExecution } from "#core/plan/execution"
import { objectOf } from "#core/plan/json"
import { plan } from "#core/plan/plan"
import { type PlannedText, planText } from "#core/plan/planText"
import type { SpecDocument } from "#core/spec/parse"
import { toExecution } from "#core/spec/toExecution"
import type { PlanParams, PlanResult } from "../protocol.ts"

/** The Jobs of a workflow as one text, and where each of them stands in it. */
export function planDocument(document: SpecDocument | undefined, params: PlanParams): PlanResult {
  if (!document) return null
  const { uri, name, namespace, inputs, tools = {}, claim, until } = params
  const made = toExecution(document, uri, { inputs, tools: new Map(Object.entries(tools)), claim })
  if (made.kind === "refused") return made
  const object = objectOf(made.object)
  const metadata = {
    ...objectOf(object.metadata),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  }
  const spec = { ...objectOf(object.spec), ...(until ? { until: [...until] } : {}) }
  const read = readExecution({ ...object, metadata, spec })
  if (read.kind === "refused") return { kind: "refused", reason: reasonsText(read.reasons) }
  const { jobs, count, later } = planText(plan(read.execution), mostJobs)
  const missing = count - jobs.length
  const notes = missing > 0 ? [...later, `and ${missing} more Jobs like these.`] : later
  return { kind: "plan", ...joined(notes, jobs) }
}

/** Nobody reads more, and writing ten thousand would hold up every squiggle for seconds. */
const mostJobs = 500

function joined(notes: readonly string[], jobs: readonly PlannedText[]) {
  const lines = notes.map((note) => `# ${note.replaceAll("\n", " ")}\n`)
  let line = lines.length
  const places = jobs.map(({ task, index, yaml }) => {
    const ends = yaml.split("\n").length - 1
    const place = { task, step: index, firstLine: line, lastLine: line + ends - 1 }
    // One more for the rule between two documents.
    line += ends + 1
    return place
  })
  return { text: lines.join("") + jobs.map(({ yaml }) => yaml).join("---\n"), jobs: places }
}
