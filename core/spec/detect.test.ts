import { expect, test } from "vitest"
import { detect } from "./detect.ts"

test.each([
  ["apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\n", "", "execution"],
  ["kind: Execution\n", "", "execution"],
  ['{"apiVersion":"execution.kubegene.io/v1alpha1","kind":"Execution"}', "", "execution"],
  ["apiVersion: batch/v1\nkind: Job\n---\nkind: Execution\n", "", "execution"],
  ["version: genecontainer_0_1\n", "", "gcs"],
  ["inputs: {}\nworkflow:\n  a: {tool: t}\n", "", "gcs"],
  ['{"conditions":{"executortype":"k"},"funcname":"execute"}', "", "function"],
  ['[{"nodename":"a","conditions":{"dependencies":[]}}]', "", "colonies-workflow"],
  ["- nodename: a\n  conditions: {executortype: k}\n", "", "colonies-workflow"],
  ['{"functionspecs": []}', "", "colonies-workflow"],
  ["", "/w/new.execution.yaml", "execution"],
  ["name: x\n", "/w/new.gcs.yml", "gcs"],
])("a text is known by what it says, then by its name: %j %s", (text, path, dialect) => {
  expect(detect(text, path)).toBe(dialect)
})

test.each([
  ["apiVersion: batch/v1\nkind: Job\n", "/w/job.yaml"],
  ["apiVersion: argoproj.io/v1\nkind: Execution\n", ""],
  ["apiVersion: batch/v1\nkind: Job\n", "/w/x.execution.yaml"],
  ["workflow: {}\n", ""],
  ["", "/w/a.yaml"],
])("a text of somebody else is none of ours: %j %s", (text, path) => {
  expect(detect(text, path)).toBeUndefined()
})
