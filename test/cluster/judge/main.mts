// node test/cluster/judge/main.mts AUDIT-LOG [NAMESPACE]: whether the engine kept its promises.
import { readChanges } from "./auditLog.mts"
import { judge } from "./judge.mts"

const [log, namespace, ...more] = process.argv.slice(2)
if (log === undefined || more.length > 0) {
  process.stderr.write("Say which audit log to judge, and in which namespace if not in all.\n")
  process.exitCode = 2
} else {
  const { stories, violations } = judge(await readChanges(log, namespace))
  for (const { invariant, run, sentence } of violations) {
    process.stdout.write(`${run}  ${invariant}: ${sentence}\n`)
  }
  const jobs = stories.reduce((sum, story) => sum + story.jobs.length, 0)
  process.stdout.write(`${stories.length} runs, ${jobs} Jobs, ${violations.length} violations\n`)
  // A log in which nothing happened proves nothing.
  process.exitCode = violations.length > 0 || stories.length === 0 ? 1 : 0
}
