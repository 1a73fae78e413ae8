import { expect, test } from "vitest"
import type { ProcessRecord } from "../client/records.ts"
import { attemptOf } from "./attempt.ts"
import { jobAnnotations, jobLabels, jobOfProcess } from "./jobOfProcess.ts"

/** As the server gives the page's second spec back. */
const process = {
  processid: "b38f3e693a7125ce".padEnd(64, "0"),
  starttime: "2026-11-21T08:00:00.123456+01:00",
  retries: 0,
  spec: {
    nodename: "",
    funcname: "execute",
    args: [],
    kwargs: { cmd: "cat", "docker-image": "busybox", args: ["/cfs/hello/hello.txt"] },
    priority: 0,
    maxwaittime: -1,
    maxexectime: 80,
    maxretries: 3,
    conditions: {
      colonyname: "dev",
      executornames: null,
      executortype: "borg-kubeexecutor",
      dependencies: [],
      nodes: 2,
      cpu: "500m",
      processes: 0,
      processespernode: 2,
      mem: "1024Mi",
      storage: "0Mi",
      gpu: { name: "", mem: "0Mi", count: 0, nodecount: 0 },
      walltime: 90,
    },
    label: "",
    fs: { mount: "/cfs", snapshots: null, dirs: [{ label: "/hello", dir: "/hello" }] },
    env: { A: "1" },
  },
} as unknown as ProcessRecord

const world = { executorName: "borg", claim: "cfs", isCompatible: false }

test("two pods of two containers, as the page's users get them", () => {
  const job = jobOfProcess(process, world)
  expect(job).toMatchObject({
    metadata: {
      name: attemptOf(process).jobName,
      labels: { app: "kubeexecutor" },
      annotations: { [jobAnnotations.processId]: process.processid },
    },
    spec: {
      completions: 2,
      parallelism: 2,
      backoffLimit: 0,
      activeDeadlineSeconds: 90,
      template: {
        metadata: { labels: { [jobLabels.executor]: expect.stringMatching(/^[0-9a-f]{32}$/) } },
        spec: {
          restartPolicy: "Never",
          volumes: [{ name: "kube-executor-volume", persistentVolumeClaim: { claimName: "cfs" } }],
          containers: ["executorjob-container-0", "executorjob-container-1"].map((name) => ({
            name,
            image: "busybox",
            command: ["sh", "-c", "cat /cfs/hello/hello.txt"],
            env: [
              { name: "A", value: "1" },
              { name: "COLONIES_PROCESS_ID", value: process.processid },
            ],
            resources: {
              requests: { memory: "1024Mi" },
              limits: { memory: "1024Mi", cpu: "500m" },
            },
            volumeMounts: [{ name: "kube-executor-volume", mountPath: "/cfs" }],
          })),
        },
      },
    },
  })
})

test("an executor that is compatible leaves a failed pod to Kubernetes, four times", () => {
  const job = jobOfProcess(process, { ...world, isCompatible: true })
  expect(job).toMatchObject({ spec: { backoffLimit: 4 } })
  expect(job.spec).not.toHaveProperty("podFailurePolicy")
})

test("the name of a Job tells one assignment of a process from the next, whatever the zone", () => {
  const { jobName } = attemptOf(process)
  expect(jobName.length).toBeLessThanOrEqual(63)
  expect(attemptOf({ ...process, starttime: "2026-11-21T07:00:00.123456Z" }).jobName).toBe(jobName)
  expect(attemptOf({ ...process, retries: 1 }).jobName).not.toBe(jobName)
  expect(attemptOf({ ...process, starttime: "2026-11-21T07:00:01Z" }).jobName).not.toBe(jobName)
})
