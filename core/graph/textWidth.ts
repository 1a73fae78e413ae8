/** About how wide a line of text is in a sans-serif font, in units of its size; rather too wide. */
export function textWidth(text: string): number {
  let width = 0
  for (const sign of text) width += signWidth(sign)
  return width
}

/** Cuts in the middle, where names that belong together differ least. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const signs = Array.from(text)
  let left = 0
  let right = signs.length
  let used = textWidth("…")
  for (let turn = 0; left < right; turn++) {
    const sign = turn % 2 === 0 ? signs[left] : signs[right - 1]
    used += signWidth(sign ?? "")
    if (used > width) break
    if (turn % 2 === 0) left++
    else right--
  }
  return `${signs.slice(0, left).join("")}…${signs.slice(right).join("")}`
}

/** Close to a bold DejaVu Sans, the widest of the fonts a picture may meet. */
function signWidth(sign: string): number {
  if (/[ijlI.,:;'|!]/.test(sign)) return 0.38
  if (/[frt()[\]"`\-/\\ ]/.test(sign)) return 0.48
  if (/[mwMW@%]/.test(sign)) return 1.04
  if (/[A-Z_&<>=+]/.test(sign)) return 0.8
  if (sign < "\u0100") return 0.7
  return wide.test(sign) ? 1.1 : 0.8
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u
