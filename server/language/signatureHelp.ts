import type { Position, SignatureHelp } from "vscode-languageserver-types"
import { signature } from "#core/hint/signature"
import type { SpecFile } from "#core/spec/specFile"

/** How the function at the position is written. */
export function signatureHelp(file: SpecFile, position: Position): SignatureHelp | null {
  const found = signature(file, position)
  if (!found) return null
  const { label, documentation, parts, active } = found
  const parameters = parts.map((part) => {
    const start = label.indexOf(part.label, part === parts[0] ? 0 : label.indexOf(",") - 1)
    return {
      label: [start, start + part.label.length] as [number, number],
      documentation: part.documentation,
    }
  })
  return {
    signatures: [{ label, documentation, parameters }],
    activeSignature: 0,
    activeParameter: active,
  }
}
