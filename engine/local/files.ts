import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"
import { type Json, objectOf } from "#core/plan/json"

/** Whole or not at all, also when the machine loses its power; what was there stays until then. */
export function writeJson(path: string, value: Json): void {
  const file = openSync(`${path}.new`, "w", 0o600)
  try {
    writeSync(file, JSON.stringify(value))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
}

/** Undefined when it is not there or was never whole. */
export function readJson(path: string): ReturnType<typeof objectOf> | undefined {
  try {
    return objectOf(JSON.parse(readFileSync(path, "utf8")))
  } catch {
    return undefined
  }
}
