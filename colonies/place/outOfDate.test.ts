import { expect, test } from "vitest"
import { type GraphRecord, type ProcessRecord, processState } from "../client/records.ts"
import { outOfDate } from "./outOfDate.ts"

const { waiting, running, successful, failed, cancelled } = processState

const colors = {
  [waiting]: "#eee8d8",
  [running]: "#4689cd",
  [successful]: "#92d050",
  [failed]: "#cb4239",
  [cancelled]: "#f5a623",
}

type Fields = Partial<ProcessRecord>

function known(processes: Readonly<Record<string, Fields>>): Map<string, ProcessRecord> {
  const whole = ([processid, fields]: [string, Fields]) =>
    [processid, { processid, waitforparents: false, parents: [], ...fields } as never] as const
  return new Map(Object.entries(processes).map(whole))
}

/** One that has these processes, drawn in these states. */
function graph(states: Readonly<Record<string, keyof typeof colors | undefined>>): GraphRecord {
  const nodes = Object.entries(states).map(([id, state]) => ({
    id,
    style: { background: state === undefined ? "#123456" : colors[state] },
  }))
  return { processids: Object.keys(states), nodes } as never
}

test("what is not known is read, and what is as it is drawn is not", () => {
  const there = known({ a: { state: successful }, b: { state: running } })
  expect(outOfDate(graph({ a: successful, b: running, c: waiting }), there)).toEqual(["c"])
})

test.each([
  [waiting, running],
  [running, waiting],
  [running, successful],
  [successful, failed],
  [waiting, cancelled],
])("what was %s and is drawn as %s is read", (before, now) => {
  expect(outOfDate(graph({ a: now }), known({ a: { state: before } }))).toEqual(["a"])
})

test("what waits is read once all it waits for is there", () => {
  const there = known({
    a: { state: successful },
    b: { state: running },
    c: { state: waiting, waitforparents: true, parents: ["a"] },
    d: { state: waiting, waitforparents: true, parents: ["a", "b"] },
    e: { state: waiting, waitforparents: false, parents: ["a"] },
  })
  const drawn = { a: successful, b: running, c: waiting, d: waiting, e: waiting }
  expect(outOfDate(graph(drawn), there)).toEqual(["c"])
})

test("where the picture tells nothing, everything that is not over is read", () => {
  const there = known({ a: { state: successful }, b: { state: running }, c: { state: waiting } })
  const nothing = graph({ a: undefined, b: undefined, c: undefined })
  expect(outOfDate(nothing, there)).toEqual(["b", "c"])
  expect(outOfDate({ ...nothing, nodes: null }, there)).toEqual(["b", "c"])
})
