import { expect, test } from "vitest"
import { labelFault, nameSentence, subdomainFault } from "./dnsName.ts"

test.each(["a", "0", "a-b", "a1-2", "x".repeat(63)])("%s is a label", (name) => {
  expect(labelFault(name)).toBeUndefined()
})

test.each([
  ["", 'Task has an empty name: use lower-case letters, digits and "-".'],
  ["Align_Reads", /"Align_Reads" is not .* for example "align-reads"\.$/],
  ["-a", /for example "a"\.$/],
  ["a.b", /for example "a-b"\.$/],
  ["ä", /with a letter or digit at both ends\.$/],
  ["a b\n", /for example "a-b"\.$/],
  ["x".repeat(64), /has 64 characters; Kubernetes takes at most 63\.$/],
])("%j is not a label", (name, sentence) => {
  const fault = labelFault(name)
  if (fault === undefined) throw new Error("a fault was expected")
  expect(nameSentence("Task", name, fault)).toMatch(sentence)
})

test.each([
  ["lab-data", undefined],
  ["a.b-c.d", undefined],
  ["a..b", "a.b"],
  [".a", "a"],
  ["Lab_Data", "lab-data"],
])("%j as a subdomain", (name, better) => {
  const fault = subdomainFault(name)
  expect(fault?.kind === "characters" ? fault.better : fault).toBe(better)
})
