import { expect, test } from "vitest"
import { type LogNote, noteText, readNote } from "./logNote.ts"
import { type LogPiece, LogReader, mostAtOnce } from "./logPosition.ts"
import { LogSender } from "./logSender.ts"

const stamped = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => {
    const time = `2026-11-21T08:00:00.${String(index).padStart(9, "0")}Z`
    return `${time} ${text(index)}\n`
  }).join("")

/** Sends what two containers print; the world ends after so many messages, before or after the last. */
async function send(
  logs: ReadonlyMap<string, string>,
  messages: string[],
  earlier: LogNote | undefined,
  death?: { readonly message: number; readonly isSent: boolean },
): Promise<LogNote | undefined> {
  let last: LogNote | undefined = earlier
  const over = new AbortController()
  const sender = new LogSender({
    log: {
      get messages() {
        return messages.length
      },
      send: async (message) => {
        if (death && messages.length === death.message) {
          if (death.isSent) messages.push(message)
          throw new Error("dead")
        }
        messages.push(message)
      },
    },
    // What is read back is what was written on the Job.
    note: async (note) => {
      last = readNote(noteText(note))
    },
    signal: over.signal,
    earlier,
  })
  const readers = Array.from(logs, async ([key, log]) => {
    const reader = new LogReader(sender.position(key))
    const pieces: LogPiece[] = [...reader.take(log), ...reader.finish()]
    for (const piece of pieces) await sender.add(key, piece)
  })
  const ended = await Promise.allSettled([
    ...readers,
    Promise.all(readers).then(() => sender.close()),
  ])
  if (death === undefined) expect(ended.map(({ status }) => status)).not.toContain("rejected")
  return last
}

test("lines of several containers are sent in few messages, each line once and in its order", async () => {
  const logs = new Map([
    ["p/0", stamped(5_000, (index) => `zero ${index} ${"x".repeat(80)}`)],
    ["p/1", stamped(5_000, (index) => `one ${index}`)],
  ])
  const messages: string[] = []
  await send(logs, messages, undefined)
  expect(messages.length).toBeLessThan(20)
  const lines = messages.join("").trimEnd().split("\n")
  expect(lines.filter((line) => line.startsWith("zero")).map((line) => line.split(" ")[1])).toEqual(
    Array.from({ length: 5_000 }, (_, index) => String(index)),
  )
  expect(lines.filter((line) => line.startsWith("one")).length).toBe(5_000)
})

for (const isSent of [true, false]) {
  test(`an executor that dies ${isSent ? "after" : "before"} a message is followed by one that goes on`, async () => {
    const logs = new Map([
      ["p/0", stamped(300, (index) => `zero ${index} ${"å".repeat(20_000)}`)],
      ["p/1", stamped(300, (index) => `one ${index}`)],
    ])
    const whole: string[] = []
    await send(logs, whole, undefined)
    const messages: string[] = []
    let note: LogNote | undefined
    for (let message = 1; message < whole.length; message += 2) {
      note = await send(logs, messages, note, { message, isSent })
    }
    await send(logs, messages, note)
    const sorted = (all: readonly string[]) => all.join("").split("\n").sort()
    expect(sorted(messages)).toEqual(sorted(whole))
  })
}

test("no message is longer than the longest piece", async () => {
  const messages: string[] = []
  await send(new Map([["p/0", stamped(5, () => "y".repeat(1_000_000))]]), messages, undefined)
  for (const message of messages) expect(message.length).toBeLessThanOrEqual(mostAtOnce)
  expect(messages.join("").length).toBe(5 * 1_000_001)
})
