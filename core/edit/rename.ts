import { labelFault, nameSentence } from "../spec/dnsName.ts"
import type { OpenDocument } from "../spec/openDocument.ts"
import { textOf } from "./occurrences.ts"
import { type Renaming, renameTask } from "./renameTask.ts"
import type { PlacedEdit } from "./section.ts"
import { declaredInputs, type NamedSymbol, placesOfSymbol } from "./symbol.ts"
import { writeScalar } from "./writeScalar.ts"

/** Calls a task, an input, a tool or a volume something else, wherever the document names it. */
export function rename(symbol: NamedSymbol, to: string): Renaming {
  const { kind, name, standing, place } = symbol
  const { document } = standing
  if (kind === "task") return renameTask(document, { ...place, name }, to)
  if (to === name) return { kind: "edits", edits: [] }
  const reason = objection(document, kind, name, to)
  if (reason !== undefined) return { kind: "refused", reason }
  const places = placesOfSymbol(symbol)
  if (kind === "input" && !places.some(({ role }) => role === "definition")) {
    return { kind: "refused", reason: `There is no input "${name}" that could be renamed.` }
  }
  const isJson =
    document.text.layout?.kind === "json" || /^\s*[[{]/.test(document.text.beginning(1))
  const edits: PlacedEdit[] = []
  for (const one of places) {
    const { span, value, node } = one.spelt(to)
    const written = textOf(document, one.item).slice(span.start, span.end)
    if (node && written !== node.source) {
      return {
        kind: "refused",
        reason: `"${name}" is also named behind "${written}", which repeats what stands elsewhere.`,
      }
    }
    edits.push({
      item: one.item,
      span,
      newText: node ? writeScalar(value, node.style, isJson) : value,
    })
  }
  return { kind: "edits", edits }
}

function objection(
  document: OpenDocument,
  kind: "input" | "tool" | "volume",
  name: string,
  to: string,
): string | undefined {
  switch (kind) {
    case "input":
      if (!/^[A-Za-z_][\w.-]*$/.test(to)) {
        return `"${to}" is no name for an input: use letters, digits, "_", "-" and ".", with a letter first.`
      }
      if (to === "item")
        return '"${item}" is the number of the command: an input needs another name.'
      return declaredInputs(document).has(to) ? `Another input is named "${to}".` : undefined
    case "tool":
      if (!/^[^\s:${}][^\s${}]*:[^\s:${}]+$/.test(to)) {
        return `"${to}" is in no tool file: a tool is name and version, as in "${name}".`
      }
      return isNamed(document, kind, to) ? `Other jobs already use the tool "${to}".` : undefined
    case "volume": {
      const fault = labelFault(to)
      if (fault) return nameSentence("Volume", to, fault)
      return isNamed(document, kind, to) ? `Another volume is named "${to}".` : undefined
    }
  }
}

function isNamed(document: OpenDocument, kind: NamedSymbol["kind"], name: string): boolean {
  const standing = { document, line: 0 }
  const place = { item: undefined, span: { start: 0, end: 0 } }
  return placesOfSymbol({ kind, name, standing, place }).length > 0
}
