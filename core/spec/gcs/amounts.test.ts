import { expect, test } from "vitest"
import { cpuQuantity, memoryQuantity } from "./amounts.ts"

test.each([
  ["2c", "2"],
  ["0.5C", "0.5"],
  ["3", "3"],
  ["500m", undefined],
  [".5", undefined],
  ["-1", undefined],
  ["", undefined],
  ["2 c", undefined],
])("cpu %j", (text, quantity) => {
  expect(cpuQuantity(text)).toBe(quantity)
})

test.each([
  ["4g", "4G"],
  ["4G", "4G"],
  ["1.5G", "1.5G"],
  ["8", "8"],
  ["4Gi", undefined],
  ["512M", undefined],
])("memory %j", (text, quantity) => {
  expect(memoryQuantity(text)).toBe(quantity)
})
