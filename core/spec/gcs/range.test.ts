import { expect, test } from "vitest"
import { rangeFault, rangeSize, rangeValues, readRange } from "./range.ts"

function seen(text: string): string {
  const reading = readRange(text)
  if (reading === undefined) return "plain"
  if (reading.kind === "fault") return `${text.slice(reading.start, reading.end)}: ${reading.why}`
  const { parameters, strict } = reading.call
  const shown = parameters.map((p) =>
    typeof p.value === "number" ? `${p.role} ${p.value}` : `${p.role} \${${p.value.input}}`,
  )
  return `${shown.join(", ")}${strict ? "" : " (loose)"}`
}

test.each([
  ["range(0,3)", "start 0, end 3"],
  ["range(0, ${parts}, 0.5)", "start 0, end ${parts}, step 0.5"],
  ["range(-2,3)", "start -2, end 3"],
  ["range(2 , 3)", "start 2, end 3 (loose)"],
  ["range( 2,3)", "start 2, end 3 (loose)"],
  ["range(2,3 )", "start 2, end 3 (loose)"],
  ["range (2,3)", "start 2, end 3 (loose)"],
  ["arrange(1)", "plain"],
  ["range", "range: it is written range(start, end, step)"],
  ["range(1,2", "range(1,2: it is written range(start, end, step)"],
  ["range(1)", /not 1 parameter$/],
  ["range(1,2,3,4)", /not 4 parameters$/],
  ["range(a, 2)", 'a: the start "a" is neither a number nor one ${input}'],
  ["range(0, ${a}${b})", /^\$\{a\}\$\{b\}: the end/],
  ["range(0, )", ': the end "" is neither a number nor one ${input}'],
  ["range(0, 1e3)", /^1e3: the end/],
])("%s", (text, expected) => {
  if (typeof expected === "string") expect(seen(text)).toBe(expected)
  else expect(seen(text)).toMatch(expected)
})

test.each([
  [0, 3, 1, [0, 1, 2]],
  [1, 2, 0.5, [1, 1.5]],
  [0, 5, 2, [0, 2, 4]],
])("from %d to %d by %d", (start, end, step, values) => {
  expect(rangeFault(start, end, step)).toBeUndefined()
  expect(rangeValues(start, end, step)).toEqual(values)
  expect(rangeSize(start, end, step)).toBe(values.length)
})

test.each([
  [3, 3, 1, "it is empty: the start 3 is not smaller than the end 3"],
  [0, 3, 0, "the step is 0; it must be larger than 0"],
  [0, 3, -1, "the step is -1; it must be larger than 0"],
  [0, Infinity, 1, "a range needs finite numbers"],
])("from %d to %d by %d is no range", (start, end, step, why) => {
  expect(rangeFault(start, end, step)).toBe(why)
})
