import { expect, test } from "vitest"
import type { StepDetail } from "#core/view/stepDetail"
import { noModel, type StepModel, withMessage } from "./model.ts"
import type { EventView, StepToPage } from "./protocol.ts"

const step = (phase: string): StepToPage => {
  return { kind: "step", detail: { step: { phase, attempts: [] } } as unknown as StepDetail }
}
const events = (...events: readonly EventView[]): StepToPage => ({ kind: "events", events })
const one: EventView = {
  about: "Job/a",
  type: "Normal",
  reason: "Completed",
  message: "",
  count: 1,
  lastAt: 1,
}
const after = (...messages: readonly StepToPage[]): StepModel =>
  messages.reduce(withMessage, noModel)

test("that there were no events yet is forgotten when the step ends, and nothing else is", () => {
  expect(after(step("running")).events).toBeUndefined()
  expect(after(step("running"), events()).events).toEqual([])
  expect(after(step("waiting"), events(), step("running")).events).toEqual([])
  expect(after(step("running"), events(), step("succeeded")).events).toBeUndefined()
  expect(after(step("running"), events(one), step("succeeded")).events).toEqual([one])
  expect(after(step("succeeded"), events(), step("succeeded")).events).toEqual([])
  const none: StepToPage = { kind: "events", events: null }
  expect(after(step("running"), none, step("succeeded")).events).toBeNull()
})
