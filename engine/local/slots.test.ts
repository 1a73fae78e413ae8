import { setImmediate as turn } from "node:timers/promises"
import { expect, test } from "vitest"
import { Slots } from "./slots.ts"

test("who comes later waits until one of the slots is given back", async () => {
  const slots = new Slots(2)
  const begun: string[] = []
  const [a] = ["a", "b", "c"].map((name) => slots.take(() => begun.push(name)))
  await turn()
  expect(begun).toEqual(["a", "b"])
  a?.release()
  await turn()
  expect(begun).toEqual(["a", "b", "c"])
})

test("who gives many slots back at once begins none of those that wait among them", async () => {
  const slots = new Slots(1)
  const begun: string[] = []
  const taken = ["a", "b", "c"].map((name) => slots.take(() => begun.push(name)))
  await turn()
  for (const { release } of taken) release()
  await turn()
  expect(begun).toEqual(["a"])
  slots.take(() => begun.push("d"))
  await turn()
  expect(begun).toEqual(["a", "d"])
})

test("a slot may be given back from within its own turn, and the next has it", async () => {
  const slots = new Slots(1)
  const begun: string[] = []
  const a = slots.take(() => a.release())
  slots.take(() => begun.push("b"))
  await turn()
  await turn()
  expect(begun).toEqual(["b"])
})
