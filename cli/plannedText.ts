import { plan } from "#core/plan/plan"
import { plannedJobs } from "#core/plan/plannedJobs"
import { planText } from "#core/plan/planText"
import type { RunOptions } from "#engine/protocol"
import type { Io } from "./io.ts"
import type { ReadySpec } from "./readySpec.ts"
import { visible } from "./words.ts"

/** Prints every Job that a run would create, and says of which tasks that cannot be known before. */
export function writePlan(
  spec: ReadySpec,
  form: "yaml" | "json" | "name",
  options: Omit<RunOptions, "name">,
  namespace: string | undefined,
  io: Io,
): void {
  const planned = plan(spec.execution(options, namespace))
  if (form === "yaml") {
    const { jobs, later } = planText(planned)
    const comments = later.map((sentence) => `# ${visible(sentence)}\n`).join("")
    io.stdout.write(comments + jobs.map(({ yaml }) => yaml).join("---\n"))
    return
  }
  const { later } = planText(planned, 0)
  for (const sentence of later) io.stderr.write(`${visible(sentence)}\n`)
  const { jobs } = plannedJobs(planned)
  io.stdout.write(
    form === "json"
      ? `${JSON.stringify(jobs, null, 2)}\n`
      : jobs.map((job) => `job.batch/${job.metadata.name}\n`).join(""),
  )
}
