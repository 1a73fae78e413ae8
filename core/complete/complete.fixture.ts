import { Piece } from "../spec/piece.ts"
import { SpecFile } from "../spec/specFile.ts"
import { complete } from "./complete.ts"
import type { Offer, World } from "./offer.ts"
import { filled } from "./render.ts"

/** A world with one of each name. */
export function world(path: string): World {
  const cluster = {
    claims: ["lab-data"],
    storageClasses: ["fast"],
    serviceAccounts: ["runner"],
    secrets: ["registry-login"],
    images: ["quay.io/lab/bwa:1"],
  }
  return { path, cluster, tools: ["bwa:0.7.12"] }
}

/** What is offered where `$0` stands in the text. */
export function offersAt(marked: string, path = "spec.yaml") {
  const at = marked.indexOf("$0")
  const text = marked.replace("$0", "")
  const file = new SpecFile(text, path)
  file.work(() => false)
  const position = new Piece(text).positionAt(at)
  const found = complete(file, position, world(path))
  const offers = found?.offers ?? []
  return {
    labels: offers.map(({ label }) => label),
    /** The text once the offer of that label is taken, as clients do it. */
    taken: (label: string): string => {
      const offer = offers.find((one) => one.label === label)
      if (!offer || !found)
        throw new Error(
          `"${label}" is not offered, only ${offers.map((one) => one.label).join(", ")}`,
        )
      const placed = (offset: number) => {
        const { document, line } = found.standing
        const before = new Piece(text).offsetAt({ line, character: 0 })
        return before + document.text.offsetOf({ item: found.item, offset })
      }
      return take(text, offer, placed)
    },
  }
}

function take(text: string, { insert, span, commaAt }: Offer, placed: (at: number) => number) {
  const inserted = filled(insert)
  const after = text.slice(0, placed(span.start)) + inserted + text.slice(placed(span.end))
  if (commaAt === undefined) return after
  return `${after.slice(0, placed(commaAt))},${after.slice(placed(commaAt))}`
}
