import { plan } from "#core/plan/plan"
import { plannedJobs } from "#core/plan/plannedJobs"
import { writeYaml } from "#core/spec/convertText"
import type { RunOptions } from "#engine/protocol"
import type { Io } from "./io.ts"
import type { ReadySpec } from "./readySpec.ts"
import { quote, visible } from "./words.ts"

/** Prints every Job that a run would create, and says of which tasks that cannot be known before. */
export function writePlan(
  spec: ReadySpec,
  form: "yaml" | "json" | "name",
  options: Omit<RunOptions, "name">,
  namespace: string | undefined,
  io: Io,
): void {
  const planned = plan(spec.execution(options, namespace))
  const { jobs, unknown } = plannedJobs(planned)
  const later = unknown.map((task) => laterJobs(task, planned.tasks))
  if (form !== "yaml") for (const sentence of later) io.stderr.write(`${visible(sentence)}\n`)
  switch (form) {
    case "json":
      io.stdout.write(`${JSON.stringify(jobs, null, 2)}\n`)
      return
    case "name":
      io.stdout.write(jobs.map((job) => `job.batch/${job.metadata.name}\n`).join(""))
      return
    case "yaml": {
      const comments = later.map((sentence) => `# ${visible(sentence)}\n`).join("")
      io.stdout.write(comments + jobs.map((job) => writeYaml(job)).join("---\n"))
    }
  }
}

type PlannedTasks = ReturnType<typeof plan>["tasks"]

function laterJobs(name: string, tasks: PlannedTasks): string {
  const task = tasks.find(({ spec }) => spec.name === name)
  const sources = (task?.resultTasks ?? []).flatMap((index) => tasks[index]?.spec.name ?? [])
  const after = sources.length === 0 ? "another task" : sources.map(quote).join(" and ")
  return `The Jobs of ${quote(name)} are only known once ${after} has ended.`
}
