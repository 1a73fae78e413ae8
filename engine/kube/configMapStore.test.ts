import { expect, test } from "vitest"
import { type JsonObject, objectOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import { configMapStore } from "./configMapStore.ts"
import type { Identified } from "./listWatch.ts"

const execution = {
  metadata: {
    name: "wgs",
    namespace: "gene",
    annotations: { [annotations.driver]: "local-1" },
  },
  spec: { tasks: [{ name: "a", image: "busybox", commandSet: ["true"] }] },
}

/** The ConfigMap as the API server would keep it. */
function created(change: (configMap: JsonObject) => JsonObject = (same) => same): Identified {
  const body = objectOf(configMapStore.creation(execution).body)
  const metadata = { ...objectOf(body.metadata), uid: "u", resourceVersion: "7" }
  return change({ ...body, metadata }) as unknown as Identified
}

test("a run is the same in a ConfigMap as it was: name, annotations, spec", () => {
  const run = configMapStore.read(created())
  expect(run).toMatchObject({ key: "gene/wgs", uid: "u", resourceVersion: "7" })
  expect(run.object).toMatchObject({ kind: "Execution", spec: execution.spec, status: {} })
  expect(run.object.metadata).toMatchObject(execution.metadata)
  expect(run.problem).toBeUndefined()
})

test("its ConfigMap is named apart from others of the namespace, and is found by one label", () => {
  expect(created().metadata.name).toBe("execution.wgs")
  expect(objectOf(objectOf(created().metadata).labels)).toHaveProperty(
    configMapStore.labelSelector ?? "",
    "wgs",
  )
})

test("a spec that was edited, or is none, is told and never run", () => {
  const withSpec = (spec: string) =>
    configMapStore.read(created((one) => ({ ...one, data: { ...objectOf(one.data), spec } })))
  expect(withSpec('{"tasks":[]}').problem).toMatch(/^The spec in the ConfigMap "execution.wgs" was/)
  for (const spec of ["", "{", "[]", "7"]) {
    expect(withSpec(spec).problem).toBe(
      'The ConfigMap "execution.wgs" has no spec that can be read.',
    )
  }
})

test("who asked for its deletion has marked it, and it counts as going from then on", () => {
  const { body } = configMapStore.deletion("2026-01-01T10:00:00Z")
  const mark = objectOf(objectOf(objectOf(body).metadata).annotations)
  const run = configMapStore.read(
    created((one) => ({
      ...one,
      metadata: { ...objectOf(one.metadata), annotations: mark },
    })),
  )
  expect(objectOf(run.object.metadata).deletionTimestamp).toBe("2026-01-01T10:00:00Z")
  expect(objectOf(configMapStore.read(created()).object.metadata).deletionTimestamp).toBeUndefined()
})
