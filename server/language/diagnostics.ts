import type { Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types"
import type { Problem, Severity, Span } from "#core/problem"
import type { SpecFile } from "#core/spec/specFile"
import { toRange } from "./toRange.ts"

/** Every mistake in the file, in the order of the text. */
export function diagnostics(file: SpecFile, uri: string): Diagnostic[] {
  return file
    .documents()
    .flatMap((document) => document.problems.map((problem) => toDiagnostic(problem, file, uri)))
}

function toDiagnostic(problem: Problem, file: SpecFile, uri: string): Diagnostic {
  const range = (span: Span) => toRange(file, span)
  return {
    range: range(problem.span),
    severity: severities[problem.severity],
    code: problem.code,
    source: "kube-executions",
    message: problem.message,
    ...(problem.related
      ? {
          relatedInformation: problem.related.map((place) => ({
            location: { uri, range: range(place.span) },
            message: place.message,
          })),
        }
      : {}),
  }
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: 1,
  warning: 2,
  info: 3,
  hint: 4,
}
