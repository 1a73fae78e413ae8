import { expect, test } from "vitest"
import { error } from "./report.ts"

const span = { start: 0, end: 1 }

test("a text that is long is cut in the middle, the sentence around it is not", () => {
  const text = `${"a".repeat(5000)}/end-of-it`
  const { message } = error("bad-value", span, `The image "${text}" cannot be pulled: write "x".`)
  expect(message).toBe(
    `The image "${"a".repeat(59)}…aaaaaaaaa/end-of-it" cannot be pulled: write "x".`,
  )
})

test("whatever the user wrote, a message stays one that can be shown", () => {
  const { message } = error("bad-value", span, `The image "${'a"'.repeat(5000)}" cannot be pulled.`)
  expect(message.length).toBe(800)
  expect(message).toMatch(/^The image .*…/)
  expect(message).toMatch(/ cannot be pulled\.$/)
})

test("a message of the usual length is left alone", () => {
  const message = `The image "${"a".repeat(150)}" cannot be pulled.`
  expect(error("bad-value", span, message).message).toBe(message)
})
