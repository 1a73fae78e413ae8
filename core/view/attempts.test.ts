import { expect, test } from "vitest"
import { readJob } from "../run/readJob.ts"
import { readPod } from "../run/readPod.ts"
import { tryViews } from "./attempts.ts"

/** The one try of a Job whose container ended, and nobody saw when. */
function unseen(jobStatus: object, podMetadata: object) {
  const job = readJob({ metadata: { name: "j", uid: "j" }, spec: {}, status: jobStatus })
  const terminated = { exitCode: 137, reason: "ContainerStatusUnknown", startedAt: null }
  const pod = readPod({
    metadata: { name: "p", uid: "p", labels: { "job-name": "j" }, ...podMetadata },
    spec: { containers: [{ name: "main", image: "i" }] },
    status: { phase: "Failed", containerStatuses: [{ name: "main", state: { terminated } }] },
  })
  if (!job || !pod) throw new Error("The Job or the pod cannot be read.")
  const [one] = tryViews({
    job,
    pods: [pod],
    events: new Map(),
    namespace: "n",
    command: undefined,
  })
  return one
}

test("where nobody saw a container end, it ended with its pod or its Job, never in 1970", () => {
  const end = { type: "Failed", status: "True", lastTransitionTime: "2026-11-21T12:00:00Z" }
  expect(unseen({ conditions: [end] }, {})?.finishedAt).toBe("2026-11-21T12:00:00.000Z")
  const deletionTimestamp = "2026-11-21T11:00:00Z"
  expect(unseen({ conditions: [end] }, { deletionTimestamp })?.finishedAt).toBe(
    "2026-11-21T11:00:00.000Z",
  )
  expect(unseen({}, {})?.finishedAt).toBeNull()
})
