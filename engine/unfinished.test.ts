import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { unfinishedIn } from "./unfinished.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unfinished-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

test("what was noted is found again, and only its user may read it", () => {
  const path = join(folder, "unfinished.json")
  const place = { kind: "kube", kubeconfig: "/k", context: "lab", namespace: "gene" } as const
  unfinishedIn(path).save([place])
  expect(unfinishedIn(path).load()).toEqual([place])
  expect(statSync(path).mode & 0o077).toBe(0)
})

test("a note that is not there, or is damaged, means that nothing is unfinished", () => {
  const path = join(folder, "unfinished.json")
  expect(unfinishedIn(path).load()).toEqual([])
  writeFileSync(path, '[{"kind":"kube"}, 7, {"kind":"moon"}, nul')
  expect(unfinishedIn(path).load()).toEqual([])
  writeFileSync(path, '[{"kind":"kube"}, 7, {"kind":"moon"}]')
  expect(unfinishedIn(path).load()).toEqual([{ kind: "kube" }])
})
