import { expect, test } from "vitest"
import { readJob } from "./readJob.ts"
import { readPod } from "./readPod.ts"

test("a Job of today's Kubernetes: what is certain, and what is done", () => {
  const job = readJob({
    metadata: {
      name: "e.a.0",
      uid: "u",
      creationTimestamp: "2026-11-20T14:00:00Z",
      ownerReferences: [{ uid: "no" }, { uid: "e1", controller: true }],
      labels: { "execution.kubegene.io/task": "a", "execution.kubegene.io/index": "0" },
      annotations: { "execution.kubegene.io/template-hash": "abc" },
    },
    spec: { completions: 1, backoffLimit: 0, template: { spec: { restartPolicy: "Never" } } },
    status: {
      startTime: "2026-11-20T14:00:00Z",
      succeeded: 1,
      conditions: [
        { type: "SuccessCriteriaMet", status: "True", lastTransitionTime: "2026-11-20T14:00:03Z" },
        {
          type: "Complete",
          status: "True",
          reason: "CompletionsReached",
          message: "Reached expected number of succeeded pods",
          lastTransitionTime: "2026-11-20T14:00:04Z",
        },
      ],
    },
  })
  expect(job).toMatchObject({
    ownerUid: "e1",
    templateHash: "abc",
    labels: { task: "a", index: "0", attempt: undefined },
    end: { kind: "complete", at: Date.parse("2026-11-20T14:00:04Z") },
    ending: { kind: "complete", at: Date.parse("2026-11-20T14:00:03Z") },
    succeeded: 1,
    restartPolicy: "Never",
  })
})

test("a condition that is not true says nothing", () => {
  const conditions = [{ type: "Complete", status: "False" }]
  expect(readJob({ metadata: { name: "x" }, status: { conditions } })?.end).toBeUndefined()
})

test("a pod's containers are those of its spec, whatever the order of their states", () => {
  const pod = readPod({
    metadata: { name: "p", labels: { "batch.kubernetes.io/job-name": "e.a.0" } },
    spec: {
      containers: [
        { name: "a", image: "i", resources: { limits: { memory: "1Gi", cpu: 2 } } },
        { name: "b", image: "j" },
        { name: "c", image: "k" },
      ],
    },
    status: {
      phase: "Running",
      containerStatuses: [
        { name: "b", state: { terminated: { exitCode: 0, signal: 0, reason: "Completed" } } },
        {
          name: "a",
          restartCount: 1,
          state: { running: { startedAt: "2026-11-20T14:00:00Z" } },
          lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
        },
      ],
    },
  })
  expect(pod?.containers).toMatchObject([
    {
      name: "a",
      memoryLimit: "1Gi",
      requests: { memory: "1Gi", cpu: "2" },
      restarts: 1,
      state: { kind: "running" },
      before: { exitCode: 137 },
    },
    { name: "b", state: { kind: "terminated", exitCode: 0, signal: undefined } },
    { name: "c", state: { kind: "waiting", reason: "" } },
  ])
})

test("what is no Job, or no pod of one, is nothing", () => {
  for (const value of [undefined, null, 1, [], {}, { metadata: [] }]) {
    expect(readJob(value)).toBeUndefined()
    expect(readPod(value)).toBeUndefined()
  }
})
