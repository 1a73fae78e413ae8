import type { Span } from "../problem.ts"
import type { Path } from "../spec/describe.ts"

/** Where something may be written. Offsets and columns are those of the text that was looked at. */
export type Place = KeyPlace | ValuePlace | SlotPlace | ItemPlace

interface Spot {
  /** What a completion takes the place of: the word that is there so far. */
  readonly span: Span
  readonly form: Form
  /** Column of what is written here. */
  readonly column: number
  /** Between braces: a comma has to come first, behind what ends here. */
  readonly commaAt?: number | undefined
  /** Between braces: more follows, so a comma has to come last. */
  readonly comma?: boolean | undefined
}

/** flow: between braces in YAML; json: between braces from the start, so that keys have quotes. */
export type Form = "block" | "flow" | "json"

/** A key of the map at the path. */
export interface KeyPlace extends Spot {
  readonly kind: "key"
  readonly path: Path
  /** The key is there, and its colon: only its name is written. */
  readonly hasColon: boolean
  /** In the column of the map's keys stands the list of its last key: another item may follow, too. */
  readonly items: Path | undefined
}

/** The value at the path, in the line of its key or between braces. */
export interface ValuePlace extends Spot {
  readonly kind: "value"
  readonly path: Path
  /** A text of several lines, of which only a part may be replaced. */
  readonly isBlock: boolean
}

/** Nothing is there yet: a value, or the first key of a map, or the first item of a list. */
export interface SlotPlace extends Spot {
  readonly kind: "slot"
  readonly path: Path
  /** Behind a dash, not on a line of its own. */
  readonly isItem: boolean
}

/** Another item of the list at the path, dash included. */
export interface ItemPlace extends Spot {
  readonly kind: "item"
  readonly path: Path
}

/** A map or list as far as it can be made out. */
export interface Container {
  readonly kind: "map" | "seq"
  readonly column: number
  readonly path: Path
  /** Keys of a map, or numbers of a list's items, with what stands on their line, as written. */
  readonly keys: Map<string, string>
  items: number
}

export interface Scanned {
  readonly place: Place | undefined
  /** The map or list at a path. */
  readonly at: (path: Path) => Container | undefined
}

export function pathKey(path: Path): string {
  return path.join("\u0000")
}
