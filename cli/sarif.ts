import type { Severity } from "#core/problem"
import manifest from "../package.json"
import type { Finding, Range } from "./finding.ts"

/** Findings as SARIF 2.1.0, which code scanning services read. */
export function sarif(findings: readonly Finding[]) {
  const codes = [...new Set(findings.map((finding) => finding.code))].sort()
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: manifest.name,
            semanticVersion: manifest.version,
            rules: codes.map((id) => ({ id })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: levels[finding.severity],
          message: { text: finding.message },
          locations: [{ physicalLocation: location(finding.file, finding.range) }],
          ...(finding.related
            ? {
                relatedLocations: finding.related.map((place, id) => ({
                  id,
                  message: { text: place.message },
                  physicalLocation: location(place.file, place.range),
                })),
              }
            : {}),
        })),
      },
    ],
  }
}

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
}

/** SARIF counts lines and columns from one; the end column is, as ours, the one after. */
function location(file: string, { start, end }: Range) {
  return {
    artifactLocation: { uri: uriOf(file) },
    region: {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    },
  }
}

function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/")
  const encoded = path.split("/").map(encodeURIComponent).join("/")
  return path.startsWith("/") ? `file://${encoded}` : encoded
}
