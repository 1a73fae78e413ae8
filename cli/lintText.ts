import type { Severity } from "#core/problem"
import type { Paint, Style } from "./colors.ts"
import type { Finding } from "./finding.ts"
import { count, visible, wrap } from "./words.ts"

/** Findings for people: by file, the place and kind of each, the sentence beneath, a last line that counts. */
export function lintText(
  findings: readonly Finding[],
  files: number,
  paint: Paint,
  columns: number | undefined,
): string {
  const byFile = new Map<string, Finding[]>()
  for (const finding of findings) {
    const own = byFile.get(finding.file)
    if (own) own.push(finding)
    else byFile.set(finding.file, [finding])
  }
  const lines: string[] = []
  for (const [file, own] of byFile) {
    lines.push(paint("bold", visible(file)))
    const places = own.map(({ range }) => `${range.start.line + 1}:${range.start.character + 1}`)
    const width = places.reduce((widest, place) => Math.max(widest, place.length), 0)
    own.forEach((finding, i) => {
      const place = paint("dim", (places[i] ?? "").padEnd(width))
      const severity = paint(styles[finding.severity], finding.severity.padEnd(7))
      lines.push(`  ${place}  ${severity}  ${finding.code}`)
      const sentence = visible(finding.message)
      for (const line of columns ? wrap(sentence, columns - 4) : sentence.split("\n")) {
        lines.push(`    ${line}`)
      }
    })
  }
  if (lines.length > 0) lines.push("")
  lines.push(summary(findings, byFile.size, files))
  return `${lines.join("\n")}\n`
}

const styles: Readonly<Record<Severity, Style>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  hint: "dim",
}

const severities = ["error", "warning", "info", "hint"] as const

/** `3 errors, 1 warning in 2 of 7 files`. */
function summary(findings: readonly Finding[], bad: number, files: number): string {
  if (findings.length === 0) return `${count(files, "file")}, no problems`
  const of = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).length
  const words = { error: "error", warning: "warning", info: "note", hint: "hint" } as const
  const said = severities
    .filter((severity) => of(severity) > 0)
    .map((severity) => count(of(severity), words[severity]))
  return `${said.join(", ")} in ${files === 1 ? "1 file" : `${bad} of ${files} files`}`
}
