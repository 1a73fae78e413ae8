/**
 * What a Colonies server refuses, in the few words its users act on: nothing to do (`nothing`), not
 * there (`not-found`), not allowed or not ours any more (`forbidden`), wrong (`invalid`), try later
 * (`busy`), a fault of the server (`server`), not reached (`offline`), or settings that cannot work
 * (`config`).
 */
export type ColonyErrorKind =
  | "nothing"
  | "not-found"
  | "forbidden"
  | "invalid"
  | "busy"
  | "server"
  | "offline"
  | "config"

export class ColonyError extends Error {
  override readonly name = "ColonyError"

  readonly kind: ColonyErrorKind
  /** The server's own words; empty when it did not get to answer. */
  readonly said: string

  constructor(kind: ColonyErrorKind, message: string, said = "") {
    super(message)
    this.kind = kind
    this.said = said
  }
}

/** The error a reply stands for; `status` is the one inside the reply, which HTTP repeats. */
export function refused(status: number, said: string): ColonyError {
  return new ColonyError(
    kindOf(status, said),
    `The Colonies server answered: ${said} (${status}).`,
    said,
  )
}

function kindOf(status: number, said: string): ColonyErrorKind {
  if (said === "No process available for assignment") return "nothing"
  switch (status) {
    case 404:
      return "not-found"
    case 401:
    case 403:
      return "forbidden"
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
      return "busy"
    case 400:
      return "invalid"
    default:
      // Workflows that do not hold together are refused with 500, with a sentence.
      return "server"
  }
}
