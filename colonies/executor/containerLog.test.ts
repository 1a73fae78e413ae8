import { expect, test } from "vitest"
import { ClusterError } from "#engine/clusterError"
import { containerLog } from "./containerLog.ts"
import type { LogPosition } from "./logPosition.ts"

const lineAt = (second: number, text: string) => `2026-11-21T08:00:0${second}.000000001Z ${text}\n`

/** What the parts of a log are taken for when each request brings one of them and then ends or breaks. */
async function follow(requests: readonly (string | Error | readonly (string | Error)[])[]) {
  const asked: (string | undefined)[] = []
  let text = ""
  let position: LogPosition | undefined
  await containerLog(
    {
      open: async (since) => {
        const next = requests[asked.length] ?? ""
        asked.push(since)
        if (next instanceof Error) throw next
        const parts = typeof next === "string" ? [next] : next
        return (async function* () {
          for (const part of parts) {
            if (part instanceof Error) throw part
            yield part
          }
        })()
      },
      hasEnded: () => asked.length >= requests.length - 1,
      position: () => position,
      add: async (piece) => {
        text += piece.text
        position = piece.position
      },
      onLost: (why) => {
        text += `lost: ${why}`
      },
    },
    AbortSignal.timeout(10_000),
  )
  return { text, asked }
}

const one = lineAt(1, "one")
const two = lineAt(2, "two")
const three = lineAt(3, "three")

test("after a cut it goes on with the line that was not whole, from its second", async () => {
  const cut = Object.assign(new Error("cut"), { code: "UND_ERR_SOCKET" })
  const { text, asked } = await follow([[one + two.slice(0, -3), cut], one + two + three, three])
  expect(text).toBe("one\ntwo\nthree\n")
  expect(asked).toEqual([undefined, "2026-11-21T08:00:01.000Z", "2026-11-21T08:00:03.000Z"])
})

test("an API server that does not answer is asked again", async () => {
  const { text } = await follow([new ClusterError("offline", "no"), one])
  expect(text).toBe("one\n")
})

test("a pod that is gone has no more to say", async () => {
  const { text } = await follow([one, new ClusterError("not-found", "no such pod"), one])
  expect(text).toBe("one\n")
})

test("a log that nobody is allowed to read is told at once", async () => {
  const forbidden = new ClusterError("forbidden", "You may not get pods/log")
  await expect(follow([forbidden, one])).rejects.toThrow("may not get pods/log")
})

test("what is no fault of the cluster is not hidden", async () => {
  await expect(follow([new TypeError("ours")])).rejects.toThrow("ours")
})
