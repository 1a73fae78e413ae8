import { expect } from "vitest"
import { type Decision, decide } from "./decide.ts"
import type { Observed } from "./observed.ts"
import { jobFacts, planOf, podFacts, type Seen, seen, soon, stepOf, told } from "./run.fixture.ts"
import type { RunStatus } from "./status.ts"

export type Tasks = Parameters<typeof planOf>[0]

export const chain: Tasks = { a: {}, b: { after: "a" } }
export const fan: Tasks = { a: { commandSet: ["1", "2", "3"] }, b: { after: "a" } }

/** What is done, given the tasks and what is seen. */
export function check(
  tasks: Tasks,
  what: Seen,
  actions: readonly string[],
  spec: object = {},
): Decision {
  const plan = planOf(tasks, { ...spec })
  const decision = decide(plan, seen(plan, what), soon)
  expect(told(plan, decision)).toEqual(actions)
  return decision
}

/** What status says of each step: phase and message. */
export function said({ status }: Decision): Record<string, string> {
  return Object.fromEntries(
    [...status.vertices].map(([id, { phase, message }]) => [
      id.replace("e.", ""),
      `${phase}: ${message}`,
    ]),
  )
}

export function run({ status }: Decision): string {
  return `${status.phase}${status.finishedAt === undefined ? "" : " (ended)"}: ${status.message}`
}

/** The status that a driver wrote when it saw this. */
export function statusAfter(tasks: Tasks, what: Seen, spec: object = {}): RunStatus {
  const plan = planOf(tasks, { ...spec })
  return decide(plan, seen(plan, what), soon).status
}

export const noLabels = {
  execution: undefined,
  task: undefined,
  index: undefined,
  attempt: undefined,
  stepHash: undefined,
}

export function withJob(
  plan: ReturnType<typeof planOf>,
  change: object,
  look: "released" | "complete" = "released",
): Partial<Observed> {
  const job = { ...jobFacts(plan, "a.0", look), ...change }
  return { jobs: new Map([[stepOf(plan, "a.0").job, job]]) }
}

export function withPod(plan: ReturnType<typeof planOf>, change: object): Partial<Observed> {
  const job = jobFacts(plan, "a.0", "released")
  const pod = podFacts(job, "released")
  return { pods: new Map(pod === undefined ? [] : [[job.name, [{ ...pod, ...change }]]]) }
}
