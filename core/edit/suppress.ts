import type { Found, OpenDocument } from "../spec/openDocument.ts"
import type { Fix } from "./fix.ts"
import { lineStart } from "./lineAt.ts"
import { scalarsIn } from "./scalars.ts"
import { placed, sectionOf } from "./section.ts"

/** A comment above the line that says that nobody wants to hear of it. JSON has no comments. */
export function suppression(document: OpenDocument, found: Found): Fix | undefined {
  const { code, severity } = found.problem
  // What cannot run does not run the better for it.
  if (severity === "error") return undefined
  const section = sectionOf(document, found.item)
  if (!section || section.isJson) return undefined
  const { text, item, tree, lineEnd } = section
  const at = lineStart(text, found.span.start)
  for (const { node } of scalarsIn(tree, text)) {
    // In a text of several lines the comment would be a part of the text.
    if (node.span.start < at && at <= node.span.end) return undefined
  }
  // Behind the tasks the text goes on somewhere else in the file.
  if (item === undefined && document.text.layout && at === document.text.headLength)
    return undefined
  const title = `Say no more of "${code}" in this line`
  const above = document.text.lineAbove({ item, offset: at })
  const known = /^\s*#\s*executions-disable-next-line\s+(\S.*)$/.exec(above.trimEnd())?.[1]
  const isInSection = at > 0
  const end = text.slice(0, at).trimEnd().length
  const indent = /^ */.exec(text.slice(at))?.[0] ?? ""
  const codes = known === undefined ? code : `${known}, ${code}`
  const change =
    known !== undefined && isInSection
      ? { span: { start: end, end }, newText: `, ${code}` }
      : {
          span: { start: at, end: at },
          newText: `${indent}# executions-disable-next-line ${codes}${lineEnd}`,
        }
  return { title, edits: placed(section, [change]), isPreferred: false, isSafe: false }
}
