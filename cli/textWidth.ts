/** How many cells of a terminal a text takes; colours take none, East Asian signs and emoji two. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text.replace(colors, "")) {
    if (!marks.test(character)) width += wide.test(character) ? 2 : 1
  }
  return width
}

const esc = "\u001b"
const colors = new RegExp(`${esc}\\[[\\d;]*m`, "g")
const marks = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u
