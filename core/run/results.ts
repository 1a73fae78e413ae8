/** In bytes of UTF-8, without one line end at the end. */
const resultLimit = 1024

/** How much of a log has to be read to tell a result from one that is too long, line end and all. */
export const resultReadLimit = resultLimit + 3

export type StepResult =
  | { readonly kind: "result"; readonly text: string }
  | { readonly kind: "too-long" }

/** What a step printed, as the tasks that read it take it. */
export function resultOf(log: string): StepResult {
  const text = log.replace(/\r?\n$/, "")
  // No character is less than one byte, so a long text need not be measured.
  const isLong = text.length > resultLimit || byteLength(text) > resultLimit
  return isLong ? { kind: "too-long" } : { kind: "result", text }
}

function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
