/** A stretch of text: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A string the author wrote, and where. The value is decoded, the span covers its quotes too. */
export interface Text {
  readonly value: string
  readonly span: Span
}

/** Every kind of mistake we name. Others rely on these words: add, never rename. */
export const problemCodes = [
  "syntax",
  "unknown-key",
  "missing-key",
  "wrong-type",
  "bad-value",
  "bad-name",
  "name-too-long",
  "duplicate-key",
  "duplicate-name",
  "unknown-dependency",
  "self-dependency",
  "cycle",
  "unreachable",
  "iterate-mismatch",
  "dynamic-iterate",
  "bad-quantity",
  "bad-expression",
  "unknown-variable",
  "condition-dependency",
  "walltime-too-short",
  "never-assigned",
  "deprecated-key",
  "ignored-key",
  "too-large",
  "fan-out",
  "portability",
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** error = cannot run, warning = will surprise, info = worth knowing, hint = style. */
export type Severity = "error" | "warning" | "info" | "hint"

/** Who would object: the system that runs the spec, one executor of it, or only we. */
export type Authority = "server" | "executor" | "advice"

export interface Problem {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  readonly authority?: Authority
  readonly related?: readonly RelatedPlace[]
  readonly remedy?: Remedy
}

/** What would be right, where the rule that found the mistake knows it. */
export type Remedy =
  /** This value in the place of the key or scalar at the span, or of a stretch of one. */
  | { readonly kind: "write"; readonly value: string }
  /** These characters, which need no quotes or have their own. */
  | { readonly kind: "source"; readonly source: string }
  /** A key more in the map with this span; what it holds is for the schema to say, unless given. */
  | { readonly kind: "add"; readonly key: string; readonly map: Span; readonly value?: string }
  /** The key at the span goes, with all that it holds. */
  | { readonly kind: "drop-entry" }
  /** The innermost item of a list around the span goes. */
  | { readonly kind: "drop-item" }
  /** The task whose name stands at the span is called this, wherever it is named. */
  | { readonly kind: "rename"; readonly value: string }

export interface RelatedPlace {
  readonly span: Span
  readonly message: string
}
