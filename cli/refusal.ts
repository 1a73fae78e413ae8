/**
 * Something the person at the terminal can mend: main.ts prints the sentence and ends with the
 * code. Thrown where a command cannot go on, from however deep inside it.
 */
export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly code: 1 | 2

  constructor(sentence: string, code: 1 | 2 = 1) {
    super(sentence)
    this.code = code
  }
}

/** The class may come from another bundle, where it is another class with the same name. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "Refusal" && "code" in error
}
