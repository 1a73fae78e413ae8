import type { Span } from "../problem.ts"
import type { Piece } from "./render.ts"

/** One thing that may be written at a place. */
export interface Offer {
  readonly label: string
  readonly kind: OfferKind
  /** Beside the label, in grey. */
  readonly detail?: string | undefined
  /** Markdown. */
  readonly documentation?: string | undefined
  readonly insert: readonly Piece[]
  /** Whole even for clients that know no places to stop at. */
  readonly isWhole: boolean
  /** What of the text it takes the place of. */
  readonly span: Span
  /** What typed letters are compared with, where that is not the label. */
  readonly filter?: string | undefined
  /** A comma to be set elsewhere. */
  readonly commaAt?: number | undefined
}

export type OfferKind = "key" | "value" | "task" | "function" | "variable" | "name" | "snippet"

export interface Offers {
  readonly offers: readonly Offer[]
  /** There are more than these: ask again when more is typed. */
  readonly isCut: boolean
}

/** What is known of the world outside the file. */
export interface World {
  /** The file's path or address: its name may say what it is. */
  readonly path: string
  readonly cluster: KnownNames
  /** Tools of a gcs workflow, as `name:version`. */
  readonly tools: readonly string[]
}

export interface KnownNames {
  readonly claims: readonly string[]
  readonly storageClasses: readonly string[]
  readonly serviceAccounts: readonly string[]
  readonly secrets: readonly string[]
  readonly images: readonly string[]
}
