import { expect, test } from "vitest"
import { readStatus } from "#core/run/status"
import { Controller } from "./controller.ts"
import { MemoryCluster, type Perform } from "./memory/memoryCluster.ts"
import { performShell } from "./memory/performShell.ts"

interface Task {
  readonly name: string
  readonly commands?: readonly string[]
  readonly after?: readonly string[]
}

/** Runs tasks on the memory place to their end; answers what the place shows then. */
async function runToEnd(tasks: readonly Task[], perform: Perform = performShell) {
  const started: string[] = []
  const cluster = new MemoryCluster((command, job) => {
    started.push(job)
    return perform(command, job)
  }, Date.now)
  const ended = Promise.withResolvers<void>()
  const controller = new Controller({
    cluster,
    now: Date.now,
    log: () => {},
    mayDrive: () => true,
    onRun: (run) => {
      if (readStatus(cluster.execution(run)?.object.status).finishedAt) ended.resolve()
    },
    onStale: () => {},
  })
  await controller.start()
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "e", namespace: "gene" },
    spec: {
      tasks: tasks.map(({ name, commands, after }) => ({
        name,
        type: "Job",
        image: "busybox",
        commandSet: commands ?? [`echo ${name}`],
        dependents: (after ?? []).map((target) => ({ target, type: "whole" })),
      })),
    },
  })
  await ended.promise
  controller.stop()
  return { started, status: readStatus(cluster.execution("gene/e")?.object.status), cluster }
}

test("a diamond runs in order, each step once, and succeeds", async () => {
  const { started, status, cluster } = await runToEnd([
    { name: "a" },
    { name: "b", after: ["a"] },
    { name: "c", after: ["a"] },
    { name: "d", after: ["b", "c"] },
  ])
  expect(started).toEqual(["e.a.0", "e.b.0", "e.c.0", "e.d.0"])
  expect(status.phase).toBe("Succeeded")
  expect(status.message).toBe("execution has run successfully")
  expect([...status.vertices.values()].map((vertex) => vertex.phase)).toEqual(
    Array(4).fill("Succeeded"),
  )
  expect(cluster.news.map((news) => news.reason)).toEqual(["Started", "Succeeded"])
})

test("after a failure nothing new starts, and the run ends Failed", async () => {
  const { started, status } = await runToEnd([
    { name: "a", commands: ["exit 2"] },
    { name: "b", after: ["a"] },
  ])
  expect(started).toEqual(["e.a.0"])
  expect(status.phase).toBe("Failed")
  expect(status.vertices.get("e.a.0")?.message).toContain("exit code 2")
})

test("three hundred steps side by side and their merge run once each", async () => {
  const commands = Array.from({ length: 300 }, (_, index) => `echo ${index}`)
  const { started, status } = await runToEnd([
    { name: "fan", commands },
    { name: "merge", after: ["fan"] },
  ])
  expect(started).toHaveLength(301)
  expect(new Set(started).size).toBe(301)
  expect(started.at(-1)).toBe("e.merge.0")
  expect(status.phase).toBe("Succeeded")
})
