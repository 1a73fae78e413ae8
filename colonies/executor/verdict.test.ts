import { expect, test } from "vitest"
import type { JobFacts, PodFacts } from "#core/run/observed"
import { readJob } from "#core/run/readJob"
import { readPod } from "#core/run/readPod"
import { verdict } from "./verdict.ts"

function job(condition?: { readonly type: string; readonly reason?: string }): JobFacts {
  const conditions = condition === undefined ? [] : [{ ...condition, status: "True" }]
  const read = readJob({
    metadata: { name: "j" },
    spec: { completions: 2, activeDeadlineSeconds: 90 },
    status: { conditions },
  })
  if (read === undefined) throw new Error("no job")
  return read
}

function pod(phase: string, state: object, name = "p"): PodFacts {
  const read = readPod({
    metadata: { name, labels: { "job-name": "j" } },
    spec: { containers: [{ name: "c", image: "busybox" }] },
    status: { phase, containerStatuses: [{ name: "c", state }] },
  })
  if (read === undefined) throw new Error("no pod")
  return read
}

const exited = (exitCode: number, reason = "Error") => ({ terminated: { exitCode, reason } })

function check(
  facts: JobFacts | undefined,
  pods: readonly PodFacts[],
  wanted: string,
  isCompatible = false,
): void {
  const { kind, ...rest } = verdict(facts, pods, isCompatible)
  const why = "errors" in rest ? rest.errors.map(({ error }) => error).join() : ""
  expect(`${kind} ${"why" in rest ? rest.why : why}`.trim()).toBe(wanted)
}

test("the Job's own word on its end counts, not that of one pod", () => {
  check(job(), [pod("Failed", exited(1))], "going")
  check(job({ type: "Complete" }), [pod("Succeeded", exited(0))], "successful")
  check(
    job({ type: "Failed", reason: "BackoffLimitExceeded" }),
    [pod("Succeeded", exited(0)), pod("Failed", exited(3), "q")],
    "failed Exit with an error, exit code = 3",
  )
})

test("what ended a container is told: memory, time, and what no container tells", () => {
  const failed = (reason: string) => job({ type: "Failed", reason })
  check(
    failed("BackoffLimitExceeded"),
    [pod("Failed", exited(137, "OOMKilled"))],
    "failed OOMKilled",
  )
  check(failed("DeadlineExceeded"), [pod("Failed", exited(143))], "failed DeadlineExceeded")
  check(failed("BackoffLimitExceeded"), [], "failed BackoffLimitExceeded")
})

test("an image that cannot be had is a matter of patience, a Job that is gone is not", () => {
  const waiting = { waiting: { reason: "ImagePullBackOff", message: "not found" } }
  check(job(), [pod("Pending", waiting)], 'stuck image "busybox" cannot be pulled: not found')
  check(job(), [pod("Pending", { waiting: { reason: "ContainerCreating" } })], "going")
  check(undefined, [], "failed The Job is gone")
})

test("compatible: when as many pods have ended as the spec has nodes, whatever they say", () => {
  check(job(), [pod("Failed", exited(1))], "going", true)
  check(job(), [pod("Failed", exited(1)), pod("Failed", exited(1), "q")], "successful", true)
  check(job({ type: "Failed", reason: "DeadlineExceeded" }), [], "successful", true)
})
