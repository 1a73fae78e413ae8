import { readFileSync } from "node:fs"
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
  | { readonly kind: "screenshot"; readonly name?: string; readonly path: string }
  | ({ readonly kind: "missing" } & Missing)

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
  /** Of the whole suite, not of one test. */
  readonly screenshot: string | undefined
}

export function readResults(file: string): Counts {
  let text = ""
  try {
    text = readFileSync(file, "utf8")
  } catch {
    // A stage that ended before its first test has written nothing.
  }
  return count(text.split("\n").flatMap(parse))
}

function count(results: readonly Result[]): Counts {
  const screenshots = new Map<string | undefined, string>()
  let missing: Missing | undefined
  for (const result of results) {
    if (result.kind === "screenshot") screenshots.set(result.name, result.path)
    if (result.kind === "missing") missing = result
  }
  const tests = results.filter((result) => result.kind === "test")
  const failures = tests
    .filter(({ state }) => state === "failed")
    .map(({ name, error = "it gave no reason" }) => {
      const screenshot = screenshots.get(name) ?? screenshots.get(undefined)
      return { name, error, ...(screenshot === undefined ? {} : { screenshot }) }
    })
  return {
    passed: tests.filter(({ state }) => state === "passed").length,
    skipped: tests.filter(({ state }) => state === "skipped").length,
    failures,
    missing,
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
