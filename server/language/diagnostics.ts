import type { Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types"
import type { Severity } from "#core/problem"
import type { Diagnosis, SpecFile } from "#core/spec/specFile"

/** Every mistake in the file, in the order of the text: the first thousand, and how many more. */
export function diagnostics(file: SpecFile, uri: string): Diagnostic[] {
  const shown: Diagnostic[] = []
  const last = new Map<string, Diagnostic>()
  const more = new Map<string, number>()
  for (const diagnosis of file.diagnose()) {
    const { code } = diagnosis
    if (shown.length < most) {
      const diagnostic = toDiagnostic(diagnosis, uri)
      shown.push(diagnostic)
      last.set(code, diagnostic)
    } else more.set(code, (more.get(code) ?? 0) + 1)
  }
  for (const [code, count] of more) {
    const words = `and ${count} more of this kind`
    const one = last.get(code)
    // A kind of which none is shown has no place of its own: the last one shown tells of it.
    const teller = one ?? shown.at(-1)
    if (teller) teller.message += one ? ` (${words})` : ` (and ${count} more: ${code})`
  }
  return shown
}

/** More squiggles than this help nobody and slow every editor down. */
const most = 1000

function toDiagnostic(diagnosis: Diagnosis, uri: string): Diagnostic {
  const { range, severity, code, message, related } = diagnosis
  return {
    range,
    severity: severities[severity],
    code,
    source: "kube-executions",
    message,
    ...(related.length > 0
      ? {
          relatedInformation: related.map((place) => ({
            location: { uri, range: place.range },
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
