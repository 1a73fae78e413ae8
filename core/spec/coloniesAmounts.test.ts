import { expect, test } from "vitest"
import { mebibytes, readCpu, readMemory } from "./coloniesAmounts.ts"

test.each([
  ["1000m", 1000n],
  ["9m", 9n],
  ["-5m", -5n],
  ["", 0n],
  ["1", "dropped"],
  ["2.5", "dropped"],
  ["1000", "dropped"],
  ["1.5m", "refused"],
  ["m", "refused"],
  ["1 m", "refused"],
  ["99999999999999999999m", "refused"],
])("cpu %j is %s to the server", (text, expected) => {
  const reading = readCpu(text)
  expect(reading.kind === "milli" ? reading.milli : reading.kind).toBe(expected)
})

test.each([
  ["1Gi", "1024Mi"],
  ["10M", "9Mi"],
  ["500Ki", "0Mi"],
  ["11G", "10490Mi"],
  ["10Gb", "9536Mi"],
  ["1KiB", "0Mi"],
  ["1TiB", "1048576Mi"],
  ["-1Gi", "-1024Mi"],
  ["", "0Mi"],
  ["1024", "refused"],
  ["1", "refused"],
  ["Gi", "refused"],
  ["10Ti", "refused"],
  ["1.5Gi", "refused"],
  ["10mi", "refused"],
  ["10 Gi", "refused"],
  ["10GB", "refused"],
  ["10MB", "random"],
  ["10Mb", "random"],
  ["10KB", "random"],
  ["10Kb", "random"],
  ["10TB", "random"],
  ["10Tb", "random"],
])("memory %j is %s to the server", (text, expected) => {
  const reading = readMemory(text)
  expect(reading.kind === "bytes" ? mebibytes(reading.bytes) : reading.kind).toBe(expected)
})
