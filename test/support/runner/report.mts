import { relative } from "node:path"
import { root } from "../folders.mts"
import type { Outcome, Stage } from "./stages.mts"

export interface Report {
  readonly stage: Stage
  readonly seconds: number
  readonly outcome: Outcome
}

/** What became of each stage, for the person at the terminal. The last line is the sum. */
export function describe(reports: readonly Report[], logs: string): string {
  const { passed, failed, skipped } = total(reports)
  const sum = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
  return [...table(reports), ...failures(reports, logs), ...notRun(reports), "", sum].join("\n")
}

/** What did not run is no success either. */
export function isGood(reports: readonly Report[]): boolean {
  return reports.every(({ outcome }) => outcome.kind === "ran" && outcome.failures.length === 0)
}

function table(reports: readonly Report[]): readonly string[] {
  const row = (name: string, ...cells: readonly string[]) =>
    name.padEnd(12) + cells.map((cell) => cell.padStart(9)).join("")
  return [
    row("stage", "seconds", "passed", "failed", "skipped"),
    ...reports.map(({ stage, seconds, outcome }) => {
      if (outcome.kind === "not run") return row(stage.name, "not run")
      const { passed, skipped, failures: failed } = outcome
      const counts = [passed, failed.length, skipped].map((count) =>
        count === 0 ? "" : `${count}`,
      )
      return row(stage.name, seconds.toFixed(1), ...counts).trimEnd()
    }),
  ]
}

function failures(reports: readonly Report[], logs: string): readonly string[] {
  return reports.flatMap(({ stage, outcome }) => {
    if (outcome.kind === "not run") return []
    return outcome.failures.flatMap(({ name, error, screenshot }) => [
      "",
      `FAILED   ${stage.name}: ${name}`,
      ...error
        .trimEnd()
        .split("\n")
        .slice(0, 40)
        .map((line) => `         ${line}`),
      `         log: ${relative(root, logs)}/${stage.name}.log`,
      ...(screenshot === undefined ? [] : [`         screenshot: ${relative(root, screenshot)}`]),
    ])
  })
}

function notRun(reports: readonly Report[]): readonly string[] {
  return reports.flatMap(({ stage, outcome }) => {
    if (outcome.kind !== "not run") return []
    const how = outcome.how.split("\n").join("\n         ")
    return ["", `NOT RUN  ${stage.name}: it lacks ${outcome.missing}`, `         ${how}`]
  })
}

function total(reports: readonly Report[]) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { outcome } of reports) {
    if (outcome.kind === "not run") continue
    sum.passed += outcome.passed
    sum.failed += outcome.failures.length
    sum.skipped += outcome.skipped
  }
  return sum
}
