import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { ClusterError, type ClusterErrorKind } from "./clusterError.ts"
import { LeftPlaces } from "./leftPlaces.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import { performShell } from "./memory/performShell.ts"
import type { KubeRequest, PlaceInfo, PlaceRequest } from "./protocol.ts"
import { Service } from "./service.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const request = (namespace: string): KubeRequest => {
  return { kind: "kube", kubeconfig: "/k", context: "lab", namespace }
}

const infoOf = ({ kubeconfig = "", context = "", namespace = "" }: KubeRequest): PlaceInfo => {
  return { id: namespace, kind: "kube", kubeconfig, context, namespace, server: "here" }
}

/** A cluster that refuses all with one fault, as long as there is one. */
function world(fault: ClusterErrorKind | undefined, hasPlugin = false) {
  const now = { fault, tries: [] as PlaceRequest[], lines: [] as string[], changed: 0 }
  const left = new LeftPlaces({
    open: async (asked) => {
      now.tries.push(asked)
      if (hasPlugin && asked.kind === "kube" && asked.plugins?.length === 0) {
        throw new ClusterError("login", "nobody was asked", undefined, { fault: "plugin-asks" })
      }
      if (now.fault) throw new ClusterError(now.fault, `it is ${now.fault}`)
    },
    log: (line) => now.lines.push(line),
    changed: () => now.changed++,
  })
  return { now, left }
}

const hour = 3_600_000

test("a cluster that cannot be reached is tried until it can, and its place is left no more then", async () => {
  const { now, left } = world("offline")
  void left.goOn(request("gene"))
  await vi.advanceTimersByTimeAsync(hour)
  expect(left.requests()).toEqual([request("gene")])
  expect(left.isBusy()).toBe(true)
  expect(now.lines).toEqual(["going on in lab/gene: it is offline"])
  now.fault = undefined
  await vi.advanceTimersByTimeAsync(60_000)
  expect([left.requests(), left.isBusy(), now.changed]).toEqual([[], false, 1])
})

test("a login that is not good any more is tried again, at most once a minute", async () => {
  const { now, left } = world("unauthorized")
  void left.goOn(request("gene"))
  await vi.advanceTimersByTimeAsync(hour)
  expect(now.tries.length).toBeGreaterThan(50)
  expect(now.tries.length).toBeLessThan(62)
  expect([left.requests(), left.isBusy()]).toEqual([[request("gene")], true])
  now.fault = undefined
  await vi.advanceTimersByTimeAsync(60_000)
  expect(left.requests()).toEqual([])
})

test.each(["login", "unauthorized"] as const)(
  "a login plug-in (%s) is started again only when somebody opened a place of its context",
  async (fault) => {
    const { now, left } = world(fault, true)
    void left.goOn(request("gene"))
    await vi.advanceTimersByTimeAsync(hour)
    const started = () => now.tries.filter((one) => one.kind === "kube" && !one.plugins).length
    expect(started()).toBe(1)
    expect(now.lines).toEqual([`going on in lab/gene: it is ${fault}`])
    // It waits for somebody, who will start an engine; it is not forgotten meanwhile.
    expect([left.requests(), left.isBusy()]).toEqual([[request("gene")], false])
    left.opened(infoOf({ ...request("other"), context: "else" }))
    await vi.advanceTimersByTimeAsync(0)
    expect(started()).toBe(1)
    now.fault = undefined
    left.opened(infoOf(request("other")))
    await vi.advanceTimersByTimeAsync(0)
    expect([started(), left.requests()]).toEqual([2, []])
  },
)

test.each(["config", "forbidden"] as const)(
  "a place that is refused (%s) is not forgotten, and keeps no engine alive",
  async (fault) => {
    const { now, left } = world(fault)
    void left.goOn(request("gene"))
    await vi.advanceTimersByTimeAsync(hour)
    expect([left.requests(), left.isBusy()]).toEqual([[request("gene")], false])
    now.fault = undefined
    await vi.advanceTimersByTimeAsync(60_000)
    expect(left.requests()).toEqual([])
  },
)

/** An engine that finds one place left, which refuses all with this fault. */
function engineWith(fault: ClusterErrorKind) {
  const refuse = () => Promise.reject(new Error("not asked for here"))
  const cluster = new MemoryCluster(performShell, Date.now)
  const seen = { saved: undefined as readonly PlaceRequest[] | undefined, tries: 0 }
  const tried = Promise.withResolvers<void>()
  const service = new Service({
    version: "1",
    self: { kind: "local", id: "local-1", name: "ann", holder: "ann (1)" },
    log: () => tried.resolve(),
    openPlace: async (asked) => {
      if (asked.kind !== "kube") throw new Error("not asked for here")
      if (asked.namespace !== "left") return { info: infoOf(asked), cluster }
      seen.tries++
      throw new ClusterError(fault, "not now")
    },
    lookAround: { kubeconfig: refuse, namespaces: refuse, names: refuse },
    definition: { look: refuse, install: refuse, remove: refuse },
    leftDriver: { look: refuse, leave: refuse, remove: refuse },
    unfinished: {
      load: () => [request("left")],
      save: (places) => {
        seen.saved = places
      },
    },
  })
  return { service, seen, tried: tried.promise }
}

test("an engine keeps on record the places that it could not open yet, whatever else is opened and when it ends", async () => {
  vi.useRealTimers()
  const { service, seen, tried } = engineWith("offline")
  await tried
  await service.open(request("gene"))
  expect(seen.saved).toEqual([request("left")])
  await service.stop()
  expect(seen.saved).toEqual([request("left")])
})

test("whoever opens a place that is open already makes the engine try the others of its context too", async () => {
  vi.useRealTimers()
  const { service, seen, tried } = engineWith("login")
  await tried
  await service.open(request("gene"))
  await expect.poll(() => seen.tries).toBe(2)
  await service.open(request("gene"))
  await expect.poll(() => seen.tries).toBe(3)
  await service.stop()
})
