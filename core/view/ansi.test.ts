import { expect, test } from "vitest"
import { readAnsi } from "./ansi.ts"

const esc = "\u001b"

test("colours become spans of the text that is left", () => {
  const { text, spans, style } = readAnsi(`a ${esc}[31mred${esc}[0m b`)
  expect(text).toBe("a red b")
  expect(spans).toEqual([{ start: 2, end: 5, style: { color: "Red" } }])
  expect(style).toEqual({})
})

test("what is left switched on goes on in the next line", () => {
  const first = readAnsi(`${esc}[1;94mbold`)
  expect(first.style).toEqual({ isBold: true, color: "BrightBlue" })
  expect(readAnsi("more", first.style).spans).toEqual([
    { start: 0, end: 4, style: { isBold: true, color: "BrightBlue" } },
  ])
})

test("emphasis and colour are switched off one by one", () => {
  expect(readAnsi(`${esc}[1;4;33;44m${esc}[22;24;39;49mx`).spans).toEqual([])
  expect(readAnsi(`${esc}[38;5;9mx`).spans[0]?.style).toEqual({ color: "BrightRed" })
  expect(readAnsi(`${esc}[38;2;1;2;3;1mx`).spans[0]?.style).toEqual({ isBold: true })
})

test("sequences that move a cursor go, links keep their text, other controls are seen", () => {
  expect(readAnsi(`${esc}[2Ka${esc}[1A`).text).toBe("a")
  expect(readAnsi(`${esc}]8;;http://x${esc}\\link${esc}]8;;${esc}\\`).text).toBe("link")
  expect(readAnsi("bell\u0007\u001b!").text).toBe("bell␇␛!")
})

test("of a progress bar the last state counts, and a Windows line end is no progress bar", () => {
  expect(readAnsi("10 %\r20 %\r").text).toBe("20 %")
  expect(readAnsi("done\r").text).toBe("done")
  expect(readAnsi(`${esc}[32mx\ry`).spans).toEqual([
    { start: 0, end: 1, style: { color: "Green" } },
  ])
})
