import { expect, test } from "vitest"
import { plainJobView } from "./plainJob.ts"

/** What a Job's spec and status look like to people, in short. */
function check(spec: object, status: object, wanted: string) {
  const { phase, detail } = plainJobView("Job", { metadata: { name: "j" }, spec, status })
  expect(`${phase} ${detail}`).toBe(wanted)
}

test("a plain Job's phase follows its conditions first, then its pods", () => {
  check({}, {}, "waiting 0/1")
  check({ completions: 8 }, { active: 3 }, "queued 0/8")
  check({ completions: 8 }, { active: 3, ready: 1, succeeded: 2 }, "running 2/8")
  check({ suspend: true }, {}, "suspended 0/1")
  const complete = { type: "Complete", status: "True", lastTransitionTime: "2026-11-21T00:00:00Z" }
  check({}, { succeeded: 1, conditions: [complete] }, "succeeded 1/1")
  check({}, { failed: 1, conditions: [{ type: "Failed", status: "True" }] }, "failed 0/1")
  check({}, { conditions: [{ type: "Failed", status: "False" }] }, "waiting 0/1")
})

test("a CronJob shows its schedule, and the Jobs it makes name it", () => {
  const spec = { schedule: "*/5 * * * *" }
  const cron = plainJobView("CronJob", { metadata: { name: "c" }, spec, status: { active: [{}] } })
  expect(cron).toMatchObject({ phase: "running", detail: "*/5 * * * *" })
  const ownerReferences = [{ kind: "CronJob", name: "c", controller: true }]
  const job = plainJobView("Job", { metadata: { name: "c-1", ownerReferences } })
  expect(job.owner).toBe("c")
})
