import { layout, readChoices } from "../../cluster/built/layout.mts"
import { type Answer, type Call, refusal } from "../apiProxy.mts"
import type { Fault, Struck } from "../fault.mts"
import type { Stage } from "../stage.mts"

/** What an engine sees is older than what is there, or it is told that its place is forgotten. */
export const viewFaults: readonly Fault[] = [
  {
    name: "410 on every watch, and on the second page of a list",
    begin: ({ proxy }) => {
      const expired = "The resourceVersion for the provided watch is too old."
      const gone = refusal(410, "Expired", expired)
      const watches = new Set<string>()
      let pages = 0
      return {
        strike: async () => {
          proxy.endWatches(`${JSON.stringify({ type: "ERROR", object: expiredStatus(expired) })}\n`)
          return undefined
        },
        later: {
          before: (call) => {
            if (call.kind === "watch" && isFirst(watches, call)) return gone
            if (call.kind !== "list") return undefined
            call.query.set("limit", "5")
            if (!call.query.has("continue") || pages > 0) return undefined
            pages++
            return gone
          },
        },
        hasWorked: () => watches.size > 0 && pages > 0,
      }
    },
  },
  {
    name: "etcd is compacted: watches go on from before that, and lists between two pages",
    begin: ({ proxy }) => {
      const watches = new Set<string>()
      let pages = 0
      return {
        strike: async () => {
          await compact()
          proxy.endWatches()
          return undefined
        },
        later: {
          before: async (call) => {
            // The API server itself says what becomes of that.
            if (call.kind === "watch" && isFirst(watches, call)) {
              call.query.set("resourceVersion", "1")
            }
            if (call.kind !== "list") return undefined
            call.query.set("limit", "5")
            if (call.query.has("continue") && pages++ === 0) await compact()
            return undefined
          },
        },
        hasWorked: () => watches.size > 0 && pages > 0,
      }
    },
  },
  {
    name: "the engine is killed, and what the next one lists is older than every Job",
    begin: (stage) => stale(stage, () => true),
  },
  {
    name: "the engine is killed, and the next one lists no Job that was made",
    begin: (stage) => stale(stage, ({ path }) => path.endsWith("/jobs")),
  },
]

/**
 * Lists answer once more what they answered at first. Watches, which would mend that, wait until the
 * engine has acted on it.
 */
function stale(stage: Stage, isStale: (call: Call) => boolean): Struck {
  const first = new Map<string, Answer>()
  const served = new Set<string>()
  const acted = Promise.withResolvers<undefined>()
  let isReplaced = false
  return {
    earlier: {
      after: (call, answer) => {
        if (call.kind === "list" && !first.has(keyOf(call))) first.set(keyOf(call), answer)
        return undefined
      },
    },
    strike: async () => {
      await stage.replaceEngine()
      isReplaced = true
      return { kind: "cut" }
    },
    later: {
      before: (call) => (call.kind === "watch" ? acted.promise : undefined),
      after: (call) => {
        if (!isReplaced) return undefined
        const old = first.get(keyOf(call))
        if (call.kind === "list" && old && isStale(call) && isFirst(served, call)) return old
        const isAct = call.kind === "create a Job" || call.kind === "write status"
        if (isAct || (call.kind === "read" && call.path.includes("/jobs/")))
          acted.resolve(undefined)
        return undefined
      },
    },
    hasWorked: () => served.size > 0,
  }
}

function keyOf({ path, query }: Call): string {
  return `${path} ${query.get("labelSelector")} ${query.get("fieldSelector")}`
}

function isFirst(seen: Set<string>, call: Call): boolean {
  const key = keyOf(call)
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

function expiredStatus(message: string): object {
  return {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: 410,
    reason: "Expired",
    message,
  }
}

/** Makes etcd forget every version before this moment. */
async function compact(): Promise<void> {
  const port = readChoices(layout.folder)?.ports.etcd
  if (port === undefined) throw new Error("Only the etcd of a cluster that we built is in reach.")
  const ask = async (path: string, body: object) => {
    const url = `http://127.0.0.1:${port}/v3/kv/${path}`
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) })
    return { isGood: answer.ok, text: await answer.text() }
  }
  const { text } = await ask("range", { key: "YQ==" })
  const { revision } = JSON.parse(text).header
  const done = await ask("compaction", { revision, physical: true })
  // Two rounds at once may compact at the same version.
  if (!done.isGood && !done.text.includes("has been compacted")) throw new Error(done.text)
}
