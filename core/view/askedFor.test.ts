import { expect, test } from "vitest"
import { askedFor } from "./askedFor.ts"

test("what a Job asked for is read from its first container", () => {
  const container = {
    image: "registry.lab/bwa-tools:0.7.17",
    resources: { limits: { memory: "8Gi", cpu: 4 }, requests: { cpu: 2 } },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  }
  const volumes = [
    { name: "data", persistentVolumeClaim: { claimName: "lab-data" } },
    { name: "tmp", emptyDir: {} },
  ]
  const spec = { backoffLimit: 1, template: { spec: { containers: [container], volumes } } }
  expect(askedFor({ spec })).toEqual({
    image: "registry.lab/bwa-tools:0.7.17",
    cpu: { request: "2", limit: "4" },
    memory: { request: "8Gi", limit: "8Gi" },
    volumes: [
      { path: "/data", from: "lab-data" },
      { path: "/tmp", from: "emptyDir" },
    ],
    backoffLimit: 1,
  })
})

test("of what says nothing, nothing is made up", () => {
  expect(askedFor({})).toEqual({
    image: null,
    cpu: null,
    memory: null,
    volumes: [],
    backoffLimit: null,
  })
})
