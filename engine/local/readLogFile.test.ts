import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { type LogFileRequest, readLogFile } from "./readLogFile.ts"

const folder = mkdtempSync(join(tmpdir(), "read-log-file-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("what was printed before the time that is asked for is left out, and what follows is not", async () => {
  const path = join(folder, "old")
  writeFileSync(path, "old\n")
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(path, hourAgo, hourAgo)
  expect(await read(path, { sinceSeconds: 60 })).toBe("")
  expect(await read(path, { sinceSeconds: 7200 })).toBe("old\n")
  let asked = 0
  const isOver = () => {
    asked += 1
    // It is asked before the file is opened and before each look into it.
    if (asked === 2) appendFileSync(path, "new\n")
    return asked > 2
  }
  expect(await read(path, { sinceSeconds: 60, follow: true }, isOver)).toBe("new\n")
})

test("of a file that grew since then everything is read", async () => {
  const path = join(folder, "new")
  writeFileSync(path, "one\ntwo\n")
  expect(await read(path, { sinceSeconds: 60 })).toBe("one\ntwo\n")
  expect(await read(path, { sinceSeconds: 60, tailLines: 1 })).toBe("two\n")
})

async function read(path: string, request: LogFileRequest, isOver = () => true): Promise<string> {
  let text = ""
  for await (const chunk of readLogFile(path, isOver, request)) text += chunk
  return text
}
