import type { Problem, ProblemCode, Severity } from "#core/problem"
import { type Position, SpecFile } from "#core/spec/specFile"
import type { Dialect } from "#core/workflow"

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
  const range = ({ span }: Pick<Problem, "span">): Range => ({
    start: file.positionAt(span.start),
    end: file.positionAt(span.end),
  })
  return documents.flatMap(({ dialect, problems }) =>
    problems.map((problem) => ({
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
    })),
  )
}
