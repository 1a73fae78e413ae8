import type { Problem, ProblemCode, Severity } from "#core/problem"
import { type Position, SpecFile } from "#core/spec/specFile"
import type { Dialect } from "#core/workflow"
import { visible } from "./words.ts"

/** One mistake as `lint --output json` prints it. Positions as in LSP: from zero, in UTF-16 units. */
export interface Finding {
  readonly file: string
  readonly dialect: Dialect
  readonly code: ProblemCode
  readonly severity: Severity
  readonly message: string
  readonly range: Range
  readonly related?: readonly RelatedFinding[]
}

export interface RelatedFinding {
  readonly file: string
  readonly range: Range
  readonly message: string
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

/** All mistakes of a file in the order of its text; undefined when none of its documents is ours. */
export function findingsIn(text: string, name: string, path: string): Finding[] | undefined {
  const file = new SpecFile(text, path)
  const documents = file.documents()
  if (documents.length === 0) return undefined
  return documents.flatMap(({ dialect, problems }) =>
    problems.map((problem) => toFinding(problem, name, dialect, file)),
  )
}

function toFinding(problem: Problem, name: string, dialect: Dialect, file: SpecFile): Finding {
  const range = ({ span }: Pick<Problem, "span">): Range => ({
    start: file.positionAt(span.start),
    end: file.positionAt(span.end),
  })
  return {
    file: name,
    dialect,
    code: problem.code,
    severity: problem.severity,
    message: problem.message,
    range: range(problem),
    ...(problem.related
      ? {
          related: problem.related.map((place) => ({
            file: name,
            range: range(place),
            message: place.message,
          })),
        }
      : {}),
  }
}

/** A problem as talk beside a result: `wgs.yaml:5:3: error: …`. */
export function problemLine(problem: Problem, name: string, file: SpecFile): string {
  const { line, character } = file.positionAt(problem.span.start)
  const place = `${name}:${line + 1}:${character + 1}`
  return `${visible(place)}: ${problem.severity}: ${visible(problem.message)}\n`
}
