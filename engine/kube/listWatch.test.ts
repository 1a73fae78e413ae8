import { expect, test, vi } from "vitest"
import { ClusterError } from "../clusterError.ts"
import type { ApiRequest, Connection } from "./connection.ts"
import { type Identified, ListWatch } from "./listWatch.ts"

const item = (name: string, version: number, color = "red") => ({
  metadata: { name, uid: name, resourceVersion: String(version), labels: { color } },
})

const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`

/** What a server answers, request by request; a watch that is not ended stays open. */
type Answer =
  | { list: Identified[]; version: number; next?: string }
  | { watch: string[]; stays?: boolean; breaks?: Error }
  | { error: ClusterError }

function scripted(answers: readonly Answer[]) {
  const requests: ApiRequest[] = []
  const emptied = Promise.withResolvers<void>()
  const take = (request: ApiRequest): Answer => {
    const answer = answers[requests.length]
    requests.push(request)
    if (requests.length === answers.length) emptied.resolve()
    if (!answer) throw new Error(`nobody expected request ${requests.length}`)
    if ("error" in answer) throw answer.error
    return answer
  }
  const connection: Connection = {
    server: "lab",
    request: async (request) => {
      const answer = take(request)
      if (!("list" in answer)) throw new Error("a list was not expected")
      const { list, version, next } = answer
      return { items: list, metadata: { resourceVersion: String(version), continue: next } }
    },
    stream: async (request) => {
      const answer = take(request)
      if (!("watch" in answer)) throw new Error("a watch was not expected")
      return (async function* () {
        yield* answer.watch
        if (answer.breaks) throw answer.breaks
        if (!answer.stays) return
        await new Promise((_resolve, reject) => {
          request.signal?.addEventListener("abort", () => reject(new Error("aborted")))
        })
      })()
    },
    socket: async () => {
      throw new Error("a socket was not expected")
    },
    close: async () => {},
  }
  return { connection, requests, emptied: emptied.promise }
}

/** Runs the script to its last answer and tells what was seen. */
async function follow(answers: readonly Answer[]) {
  const server = scripted(answers)
  const seen: string[] = []
  const stale: (string | undefined)[] = []
  const watch = new ListWatch(server.connection, {
    path: "/things",
    read: (raw) => (raw.metadata as { labels?: { color: string } }).labels?.color ?? "",
    onChange: (key, next, previous) => seen.push(`${key}: ${previous ?? "-"} → ${next ?? "-"}`),
    onStale: (error) => stale.push(error?.message),
  })
  watch.start()
  await server.emptied
  // What the last answer holds is read before its stream waits for more.
  await new Promise((resolve) => setImmediate(resolve))
  watch.stop()
  return { seen, stale, requests: server.requests, values: [...watch.values()] }
}

const versionOf = (request: ApiRequest | undefined) => request?.query?.resourceVersion

test("a list of several pages is read whole, then watched from its version on", async () => {
  const { seen, requests, stale } = await follow([
    { list: [item("a", 1)], version: 5, next: "more" },
    { list: [item("b", 2)], version: 5 },
    { watch: [event("ADDED", item("c", 6))], stays: true },
  ])
  expect(seen).toEqual(["a: - → red", "b: - → red", "c: - → red"])
  expect(requests[1]?.query?.continue).toBe("more")
  expect(versionOf(requests[2])).toBe("5")
  expect(stale).toEqual([undefined])
})

test("a watch that ends or breaks goes on where it was, bookmarks included, and lines may be cut", async () => {
  const line = event("MODIFIED", item("a", 7, "blue"))
  const { seen, requests, stale } = await follow([
    { list: [item("a", 1)], version: 5 },
    { watch: [line.slice(0, 20), line.slice(20), event("BOOKMARK", item("", 9))] },
    { watch: [], breaks: new Error("cut") },
    { watch: [event("DELETED", item("a", 10, "blue"))], stays: true },
  ])
  expect(seen).toEqual(["a: - → red", "a: red → blue", "a: blue → -"])
  expect(requests.slice(1).map(versionOf)).toEqual(["5", "9", "9"])
  expect(stale).toEqual([undefined, "lab cannot be reached: cut.", undefined])
})

test("when the server forgot our place everything is listed anew, and what went meanwhile is told", async () => {
  const expired = { code: 410, reason: "Expired", message: "too old", metadata: {} }
  const { seen, requests } = await follow([
    { list: [item("a", 1), item("b", 2)], version: 5 },
    { watch: [event("ERROR", expired)] },
    { list: [item("b", 8, "blue"), item("c", 9)], version: 20 },
    { watch: [], stays: true },
  ])
  expect(seen).toEqual(["a: - → red", "b: - → red", "b: red → blue", "c: - → red", "a: red → -"])
  expect(versionOf(requests[3])).toBe("20")
})

test("a write that changes nothing that is kept is not told, and old news is no news", async () => {
  const { seen } = await follow([
    { list: [item("a", 5, "blue")], version: 5 },
    {
      watch: [event("MODIFIED", item("a", 6, "blue")), event("MODIFIED", item("a", 4))],
      stays: true,
    },
  ])
  expect(seen).toEqual(["a: - → blue"])
})

test("a refusal for good is told to whoever waits for the first list; it is asked again all the same", async () => {
  const server = scripted([
    { error: new ClusterError("forbidden", "You may not list things.") },
    { list: [], version: 1 },
    { watch: [], stays: true },
  ])
  const stale: (string | undefined)[] = []
  const watch = new ListWatch(server.connection, {
    path: "/things",
    read: () => "",
    onChange: () => {},
    onStale: (error) => stale.push(error?.message),
  })
  watch.start()
  await expect(watch.synced).rejects.toThrow("You may not list things.")
  await server.emptied
  watch.stop()
  expect(stale).toEqual(["You may not list things.", undefined])
})

test("the answer to our own write is kept at once, and an older list does not take it away", async () => {
  const server = scripted([
    { list: [], version: 5 },
    { watch: [event("ERROR", { code: 410, reason: "Expired", metadata: {} })] },
    { list: [], version: 6 },
    { watch: [], stays: true },
  ])
  const watch = new ListWatch(server.connection, {
    path: "/things",
    read: (raw) => raw.metadata.name,
    onChange: () => {},
    onStale: () => {},
  })
  watch.put(item("mine", 7))
  watch.start()
  await server.emptied
  watch.stop()
  expect(watch.get("mine")).toBe("mine")
})

test("an answer that arrives after the end of what it shows brings nothing back", async () => {
  const server = scripted([
    { list: [item("a", 5)], version: 5 },
    {
      watch: [event("MODIFIED", item("a", 6, "blue")), event("DELETED", item("a", 8))],
      stays: true,
    },
  ])
  const watch = new ListWatch(server.connection, {
    path: "/things",
    read: (raw) => raw.metadata.resourceVersion,
    onChange: () => {},
    onStale: () => {},
  })
  watch.start()
  await server.emptied
  await new Promise(setImmediate)
  watch.put(item("a", 6, "blue"))
  expect([...watch.values()]).toEqual([])
  // Another one by that name is newer than that.
  watch.put(item("a", 9))
  expect([...watch.values()]).toEqual(["9"])
  watch.stop()
})

test("the end of an earlier one of the same name, told late, takes nothing away", async () => {
  const { seen, values } = await follow([
    { list: [item("a", 5)], version: 5 },
    {
      watch: [event("ADDED", item("a", 9, "blue")), event("DELETED", item("a", 7))],
      stays: true,
    },
  ])
  expect(seen).toEqual(["a: - → red", "a: red → blue"])
  expect(values).toEqual(["blue"])
})

test("a machine that slept for a night asks anew as soon as it is awake, whatever its timers say", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] })
  try {
    const server = scripted([
      { list: [item("a", 1)], version: 5 },
      { watch: [], stays: true },
      { watch: [event("ADDED", item("b", 6))], stays: true },
    ])
    const stale: (string | undefined)[] = []
    const watch = new ListWatch(server.connection, {
      path: "/things",
      read: () => "",
      onChange: () => {},
      onStale: (error) => stale.push(error?.message),
    })
    watch.start()
    await vi.waitFor(() => expect(server.requests).toHaveLength(2))
    vi.setSystemTime(Date.now() + 8 * 3600_000)
    vi.advanceTimersByTime(2_000)
    await server.emptied
    await vi.waitFor(() => expect(stale).toHaveLength(3))
    watch.stop()
    expect(stale).toEqual([undefined, "lab has not said anything for over 90 s.", undefined])
  } finally {
    vi.useRealTimers()
  }
})
