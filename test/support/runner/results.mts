import { readFileSync } from "node:fs"
import { stripVTControlCharacters } from "node:util"
import type { Missing } from "../missing.mts"

/** What a stage writes down while it runs, one JSON object a line. */
export type Result =
  | {
      readonly kind: "test"
      readonly name: string
      readonly state: "passed" | "failed" | "skipped"
      readonly file?: string
      readonly error?: string
    }
  | { readonly kind: "begun"; readonly name: string }
  /** Why the whole suite ended early. */
  | { readonly kind: "reason"; readonly text: string }
  | { readonly kind: "screenshot"; readonly name?: string; readonly path: string }
  | ({ readonly kind: "missing" } & Missing)
  /** Every test that there is has been run. */
  | { readonly kind: "end" }

export interface Failure {
  readonly name: string
  readonly error: string
  readonly screenshot?: string
}

export interface Counts {
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly Failure[]
  readonly missing: Missing | undefined
  /** The test that had begun and has no result. */
  readonly unfinished: string | undefined
  readonly reason: string | undefined
  /** Of the whole suite, not of one test. */
  readonly screenshot: string | undefined
}

export function readResults(...files: readonly string[]): Counts {
  return count(files.flatMap((file) => textOf(file).split("\n").flatMap(parse)))
}

/** Empty where there is no file: a stage that ended before its first test has written nothing. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}

function count(results: readonly Result[]): Counts {
  const screenshots = new Map<string | undefined, string>()
  let missing: Missing | undefined
  let reason: string | undefined
  let unfinished: string | undefined
  for (const result of results) {
    if (result.kind === "screenshot") screenshots.set(result.name, result.path)
    if (result.kind === "missing") missing = result
    if (result.kind === "reason") reason = result.text
    if (result.kind === "begun") unfinished = result.name
    if (result.kind === "test" && result.name === unfinished) unfinished = undefined
  }
  const tests = results.filter((result) => result.kind === "test")
  const failures = tests
    .filter(({ state }) => state === "failed")
    .map(({ name, error = "it gave no reason" }) => {
      const screenshot = screenshots.get(name) ?? screenshots.get(undefined)
      return {
        name,
        error: stripVTControlCharacters(error),
        ...(screenshot === undefined ? {} : { screenshot }),
      }
    })
  return {
    passed: tests.filter(({ state }) => state === "passed").length,
    skipped: tests.filter(({ state }) => state === "skipped").length,
    failures,
    missing,
    reason,
    unfinished,
    screenshot: screenshots.get(undefined),
  }
}

/** The last line may be half a line, if its writer was killed. */
function parse(line: string): readonly Result[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}
