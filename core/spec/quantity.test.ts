import { expect, test } from "vitest"
import { compareQuantities, parseQuantity } from "./quantity.ts"

function nanos(text: string): bigint | string {
  const reading = parseQuantity(text)
  if (reading.ok) return reading.quantity.nanos
  return reading.better === undefined ? reading.why : `${reading.why}; ${reading.better}`
}

const one = 1_000_000_000n

test.each([
  ["1", one],
  ["0", 0n],
  ["500m", one / 2n],
  ["1.5", (one * 3n) / 2n],
  [".5", one / 2n],
  ["5.", 5n * one],
  ["+1k", 1000n * one],
  ["-1", -one],
  ["1Ki", 1024n * one],
  ["1.5Gi", 1536n * 1024n * 1024n * one],
  ["1e3", 1000n * one],
  ["1E3", 1000n * one],
  ["1E", 10n ** 18n * one],
  ["1e-3", one / 1000n],
  ["1u", 1000n],
  ["0.1n", 1n],
  ["9999999999999999999E", (2n ** 63n - 1n) * one],
  ["1e999999999999", (2n ** 63n - 1n) * one],
])("%j is exactly what Kubernetes reads", (text, expected) => {
  expect(nanos(text)).toBe(expected)
})

test.each([
  ["", "it is empty"],
  ["Gi", "it does not start with a number"],
  ["abc", "it does not start with a number"],
  [".", "it does not start with a number"],
  ["--1", "it does not start with a number"],
  ["4GB", '"GB" is not a unit; 4G'],
  ["4gi", '"gi" is not a unit; 4Gi'],
  ["512mb", '"mb" is not a unit; 512M'],
  ["1K", '"K" is not a unit; 1k'],
  ["2c", '"c" is not a unit; 2'],
  ["1 Gi", "there is no space between number and unit; 1Gi"],
  ["1Gi ", "there is no space between number and unit; 1Gi"],
  ["1x", '"x" is not a unit'],
  ["1.2.3", '".3" is not a unit'],
  ["1e", '"e" is not a unit'],
  ["${mem}", "it does not start with a number"],
])("%j is not a quantity, and it is said why", (text, expected) => {
  expect(nanos(text)).toBe(expected)
})

test.each([
  ["1Gi", "1024Mi", 0],
  ["1G", "1Gi", -1],
  ["0.5", "499m", 1],
  ["-1", "0", -1],
])("%s against %s", (a, b, expected) => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)]
  if (!left.ok || !right.ok) throw new Error("the table holds quantities only")
  expect(compareQuantities(left.quantity, right.quantity)).toBe(expected)
})
