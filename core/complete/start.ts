import { detectDocument } from "../spec/detect.ts"
import type { Position, Standing } from "../spec/specFile.ts"
import { dialects } from "../workflow.ts"
import type { Offer, Offers, World } from "./offer.ts"
import { render } from "./render.ts"
import { wholeFiles } from "./templates.ts"

/** Nothing is written yet but comments, or one word. */
export function isBlank(text: string): boolean {
  return /^(?:\ufeff|\s|#.*|---(?=\s|$)|[A-Za-z-]+\s*$)*$/.test(text) && text.length < 2000
}

/** Whole files to start from: of the dialect that the file's name says, or of each. */
export function startOffers(
  { document, line }: Standing,
  position: Position,
  world: World,
): Offers {
  const at = { line: position.line - line, character: position.character }
  const { offset } = document.text.spotAt(at)
  const text = document.text.frame()
  const word = /[A-Za-z-]*$/.exec(text.slice(0, offset))?.[0] ?? ""
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1
  if (text.slice(lineStart, offset - word.length).trim() !== "") return { offers: [], isCut: false }
  const isJson = /\.json$/i.test(world.path)
  const byName = detectDocument("", world.path)
  const offers = dialects
    .filter((dialect) => !byName || dialect === byName)
    .map((dialect): Offer => {
      const { label, documentation, sample } = wholeFiles[dialect]
      const form = isJson ? "json" : "block"
      return {
        label,
        kind: "snippet",
        documentation,
        insert: [...render(sample, form, 0), "\n"],
        isWhole: true,
        span: { start: lineStart, end: offset },
      }
    })
  return { offers, isCut: false }
}
