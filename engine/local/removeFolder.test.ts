import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { removeFolder } from "./removeFolder.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "remove-"))
  mkdirSync(join(root, "run/volumes"), { recursive: true })
  writeFileSync(join(root, "run/volumes/file"), "text")
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** As the system answers one who may not; root, as whom tests may run, always may. */
const refusing = (code: string): typeof rm => {
  return () => Promise.reject(Object.assign(new Error(`${code}: rm`), { code }))
}

test("a folder goes with all that is in it, and one that is not there is gone", async () => {
  const folder = join(root, "run")
  expect(await removeFolder(folder, join(root, "left/run"))).toBeUndefined()
  expect(await removeFolder(folder, join(root, "left/run"))).toBeUndefined()
  expect(existsSync(folder)).toBe(false)
  expect(existsSync(join(root, "left"))).toBe(false)
})

test("what belongs to another user is set aside, and it is said where", async () => {
  const aside = join(root, "left/default/run")
  expect(await removeFolder(join(root, "run"), aside, refusing("EACCES"))).toBe(aside)
  expect(existsSync(join(root, "run"))).toBe(false)
  expect(readFileSync(join(aside, "volumes/file"), "utf8")).toBe("text")
})

test("any other trouble is told as it is", async () => {
  const removing = removeFolder(join(root, "run"), join(root, "left"), refusing("EIO"))
  await expect(removing).rejects.toThrow("EIO")
  expect(existsSync(join(root, "run"))).toBe(true)
})
