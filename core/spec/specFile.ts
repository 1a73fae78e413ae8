import type { Problem, Span } from "../problem.ts"
import { nothing } from "./cursor.ts"
import { detect } from "./detect.ts"
import { down } from "./documentText.ts"
import { type Found, OpenDocument, type Place } from "./openDocument.ts"
import type { SpecDocument } from "./parse.ts"
import { Piece, type Position } from "./piece.ts"
import { splitDocuments } from "./split.ts"

export type { Position } from "./piece.ts"

/** A mistake at its place in the file. */
export interface Diagnosis extends Omit<Problem, "span" | "related"> {
  readonly range: Range
  readonly related: readonly { readonly range: Range; readonly message: string }[]
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

/** A document of a file and the line at which it starts. */
export interface Standing {
  readonly document: OpenDocument
  readonly line: number
}

/** The text of one file while it is edited, and what its documents say. */
export class SpecFile {
  readonly #path: string
  #documents: readonly OpenDocument[] = []
  /** A file too large to be read keeps its text and nothing else. */
  #refused: Piece | undefined

  constructor(text: string, path: string) {
    this.#path = path
    this.#divide(text)
  }

  text(): string {
    return this.#refused?.text ?? this.#documents.map(({ text }) => text.text()).join("")
  }

  edit(start: Position, end: Position, inserted: string): void {
    const first = this.standingAt(start.line)
    const last = this.standingAt(end.line)
    if (first && first.document === last?.document) {
      const { document, line } = first
      const answer = document.edit(down(start, -line), down(end, -line), inserted)
      if (answer === "changed") this.#divide(this.text())
      if (answer !== "refused") return
    }
    const whole = new Piece(this.text())
    this.#divide(
      whole.text.slice(0, whole.offsetAt(start)) + inserted + whole.text.slice(whole.offsetAt(end)),
    )
  }

  replace(text: string): void {
    this.#divide(text)
  }

  /** Reads what is not read yet until time is up; true when nothing is left to read. */
  work(isTimeUp: () => boolean): boolean {
    return this.#documents.every((document) => document.work(isTimeUp))
  }

  /** Every document of ours, all of it read. */
  documents(): readonly SpecDocument[] {
    if (this.#refused) return refusal(this.#refused.text, this.#path)
    this.work(() => false)
    const documents: SpecDocument[] = []
    let end = 0
    for (const document of this.#documents) {
      const start = end
      end += document.text.length
      const workflow = document.workflow(start)
      if (workflow) documents.push(specDocument(document, workflow, { start, end }))
    }
    return documents
  }

  /** The mistakes found so far, in the order of the text. */
  *diagnose(): Generator<Diagnosis> {
    if (this.#refused) {
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
      for (const { problems } of refusal(this.#refused.text, this.#path)) {
        for (const problem of problems) yield { ...problem, range, related: [] }
      }
    }
    for (const standing of this.standing()) {
      for (const found of standing.document.problems()) yield diagnosis(found, standing)
    }
  }

  positionAt(offset: number): Position {
    if (this.#refused) return this.#refused.positionAt(offset)
    let left = offset
    for (const { document, line } of this.standing()) {
      const isLast = document === this.#documents.at(-1)
      if (left < document.text.length || isLast) return down(document.text.positionAt(left), line)
      left -= document.text.length
    }
    return { line: 0, character: 0 }
  }

  *standing(): Generator<Standing> {
    let line = 0
    for (const document of this.#documents) {
      yield { document, line }
      line += document.text.lineEnds
    }
  }

  standingAt(line: number): Standing | undefined {
    let last: Standing | undefined
    for (const standing of this.standing()) {
      if (last && line < standing.line) return last
      last = standing
    }
    return last
  }

  #divide(text: string): void {
    const known = this.#documents.flatMap((document) => document.known() ?? [])
    this.#refused = text.length > mostCharacters ? new Piece(text) : undefined
    const starts = this.#refused ? [] : splitDocuments(text)
    this.#documents = starts.map((start, i) => {
      const end = starts[i + 1] ?? text.length
      return new OpenDocument(text.slice(start, end), this.#path, end === text.length, known)
    })
  }
}

const mostCharacters = 20_000_000

/** A place of a document as a range of the file. */
export function rangeOf({ item, span }: Place, { document, line }: Standing): Range {
  const at = (offset: number) => down(document.text.positionOf({ item, offset }), line)
  return { start: at(span.start), end: at(span.end) }
}

function diagnosis(found: Found, standing: Standing): Diagnosis {
  const { code, severity, message, authority } = found.problem
  const related = found.related.map((place) => ({
    range: rangeOf(place, standing),
    message: place.message,
  }))
  const range = rangeOf(found, standing)
  return { code, severity, message, ...(authority ? { authority } : {}), range, related }
}

function specDocument(
  document: OpenDocument,
  workflow: SpecDocument["workflow"],
  span: Span,
): SpecDocument {
  const placed = ({ item, span: { start, end } }: Place): Span => ({
    start: span.start + document.text.offsetOf({ item, offset: start }),
    end: span.start + document.text.offsetOf({ item, offset: end }),
  })
  return {
    dialect: workflow.dialect,
    span,
    workflow,
    get problems() {
      return Array.from(document.problems(), (found) => {
        const { code, severity, message, authority } = found.problem
        const problem = { code, severity, message, span: placed(found) }
        const related = found.related.map((place) => ({
          span: placed(place),
          message: place.message,
        }))
        return {
          ...problem,
          ...(authority ? { authority } : {}),
          ...(related.length > 0 ? { related } : {}),
        }
      })
    },
    get tree() {
      return document.tree() ?? nothing(0)
    },
  }
}

function refusal(text: string, path: string): readonly SpecDocument[] {
  const dialect = detect(text, path)
  if (!dialect) return []
  const message =
    "This file has more than 20 MB and is not read: nothing would run a spec of that size."
  return [
    {
      dialect,
      span: { start: 0, end: text.length },
      workflow: { dialect, name: undefined, namespace: undefined, tasks: [] },
      problems: [{ code: "too-large", severity: "error", message, span: { start: 0, end: 0 } }],
      tree: nothing(0),
    },
  ]
}
