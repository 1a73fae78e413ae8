import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readResults } from "./results.mts"

function read(...lines: readonly string[]) {
  const file = join(mkdtempSync(join(tmpdir(), "kx-results-")), "results")
  writeFileSync(file, lines.join("\n"))
  return readResults(file)
}

test("tests are counted by what became of them", () => {
  const counts = read(
    '{"kind":"test","name":"a","state":"passed"}',
    '{"kind":"test","name":"b","state":"skipped"}',
    '{"kind":"test","name":"c","state":"failed","error":"why"}',
  )
  expect(counts).toMatchObject({
    passed: 1,
    skipped: 1,
    failures: [{ name: "c", error: "why" }],
  })
})

test("a failure carries the screenshot of its test", () => {
  const { failures } = read(
    '{"kind":"screenshot","name":"c","path":"/c.png"}',
    '{"kind":"test","name":"c","state":"failed","error":"why"}',
  )
  expect(failures).toEqual([{ name: "c", error: "why", screenshot: "/c.png" }])
})

test("the test that had begun when its process died is known", () => {
  const { unfinished, reason } = read(
    '{"kind":"begun","name":"a"}',
    '{"kind":"test","name":"a","state":"passed"}',
    '{"kind":"begun","name":"b"}',
    '{"kind":"reason","text":"it died"}',
  )
  expect(unfinished).toBe("b")
  expect(reason).toBe("it died")
})

test("half a line, and a file that is not there, count as nothing", () => {
  expect(read('{"kind":"test","name":"a","state":"passed"}', '{"kind":"te').passed).toBe(1)
  expect(readResults("/no/such/file").passed).toBe(0)
})
