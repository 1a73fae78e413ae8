import { spanInside } from "../spec/expressionSpan.ts"
import { entryAt } from "../spec/lookup.ts"
import { type Range, rangeOf, type SpecFile } from "../spec/specFile.ts"
import { addEntry } from "./addEntry.ts"
import { lineStart } from "./lineAt.ts"
import { type RangeEdit, rangeEdits } from "./rangeEdit.ts"
import type { Refactoring } from "./refactorings.ts"
import { placed, sectionOf, stepsTo } from "./section.ts"
import { declaredInputs } from "./symbol.ts"
import { writeScalar } from "./writeScalar.ts"

/** The selected part of a job's text becomes an input, with what stood there as its default. */
export function extractInput(file: SpecFile, { start, end }: Range): Refactoring | undefined {
  const standing = file.standingAt(start.line)
  const document = standing?.document
  if (!standing || document?.dialect !== "gcs" || start.line !== end.line) return undefined
  const spot = (position: Range["start"]) =>
    document.text.spotAt({ line: position.line - standing.line, character: position.character })
  const [from, to] = [spot(start), spot(end)]
  const section = sectionOf(document, document.text.layout ? from.item : undefined)
  const head = sectionOf(document, undefined)
  if (!section || !head || from.offset >= to.offset) return undefined
  const span = { start: from.offset, end: to.offset }
  const value = section.text.slice(span.start, span.end)
  const step = stepsTo(section, span).at(-1)
  const [top, , ...rest] = step?.path ?? []
  if (step?.node.kind !== "scalar" || top !== "workflow" || !texts.has(String(rest[0])))
    return undefined
  const { node } = step
  const inside = spanInside(node, 0, String(node.value).length)
  const isPlainPart =
    node.style === "block" || (inside.start <= span.start && span.end <= inside.end)
  if (!isPlainPart || typeof node.value !== "string" || /[$\\"'\n{}]/.test(value)) return undefined
  const name = freeName(declaredInputs(document))
  const written = `{ type: string, default: ${writeScalar(value, "double")} }`
  const declared = declaration(name, written)
  if (!declared) return undefined
  const use = { range: rangeOf({ item: section.item, span }, standing), newText: `\${${name}}` }
  return {
    title: `Make "${value}" an input`,
    kind: "refactor.extract",
    edits: [...declared, use],
  }

  function declaration(name: string, text: string): readonly RangeEdit[] | undefined {
    if (!head || !standing) return undefined
    const json = `{"type": "string", "default": ${JSON.stringify(value)}}`
    const inputs = entryAt(head.tree, "inputs")
    if (inputs?.value.kind === "map") {
      const changes = addEntry(head, inputs.value, name, head.isJson ? json : text)
      return changes.length > 0 ? rangeEdits(placed(head, changes), standing) : undefined
    }
    const workflow = entryAt(head.tree, "workflow")
    if (inputs || !workflow || head.isJson) return undefined
    const at = lineStart(head.text, workflow.key.span.start)
    if (at !== workflow.key.span.start) return undefined
    const newText = `inputs:${head.lineEnd}  ${name}: ${text}${head.lineEnd}`
    return rangeEdits(placed(head, [{ span: { start: at, end: at }, newText }]), standing)
  }
}

/** Where inputs are filled in. */
const texts = new Set(["commands", "commands_iter", "resources", "condition"])

function freeName(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? "value" : `value-${number}`
    if (!taken.has(name)) return name
  }
}
