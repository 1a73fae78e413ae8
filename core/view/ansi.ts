/** The colours and emphases of terminals, by the names that themes know them under. */
export interface AnsiStyle {
  /** For example `Red` or `BrightBlue`, as in `terminal.ansiBrightBlue`. */
  readonly color?: string
  readonly background?: string
  readonly isBold?: boolean
  readonly isUnderlined?: boolean
}

export interface AnsiSpan {
  readonly start: number
  readonly end: number
  readonly style: AnsiStyle
}

export interface AnsiLine {
  /** What is to be read, without what only steers a terminal. */
  readonly text: string
  readonly spans: readonly AnsiSpan[]
}

/** Reads a line; `style` is what was left switched on by the line before. */
export function readAnsi(
  line: string,
  style: AnsiStyle = {},
): AnsiLine & { readonly style: AnsiStyle } {
  if (!controls.test(line)) return { text: line, spans: whole(line, style), style }
  let text = ""
  let now = style
  const spans: AnsiSpan[] = []
  const add = (part: string) => {
    if (part !== "" && Object.keys(now).length > 0) {
      spans.push({ start: text.length, end: text.length + part.length, style: now })
    }
    text += part
  }
  let at = 0
  // What is overwritten by a carriage return was a progress bar: its last state is what counts.
  const shown = line.replace(/\r$/, "")
  const last = shown.lastIndexOf("\r") + 1
  for (const match of shown.matchAll(sequence)) {
    const { index } = match
    add(shown.slice(Math.max(at, last), Math.max(index, last)))
    const [whole, codes] = match
    if (codes !== undefined) now = styled(now, codes)
    else if (whole.length === 1) add(picture(whole, index < last))
    at = index + whole.length
  }
  add(shown.slice(Math.max(at, last)))
  return { text, spans, style: now }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is read here
const controls = /[\u0000-\u0008\u000b-\u001f\u007f\u009b]/
const sequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is read here
  /(?:\u001b\[|\u009b)([\d;:]*)m|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

function whole(line: string, style: AnsiStyle): readonly AnsiSpan[] {
  if (line === "" || Object.keys(style).length === 0) return []
  return [{ start: 0, end: line.length, style }]
}

/** A control character that is none of a sequence appears as its picture. */
function picture(character: string, isOverwritten: boolean): string {
  if (isOverwritten) return ""
  const code = character.charCodeAt(0)
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code)
}

const colors = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"]

function styled(before: AnsiStyle, codes: string): AnsiStyle {
  let style: AnsiStyle = before
  const numbers = codes.split(/[;:]/).map((code) => Number(code || "0"))
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i] ?? 0
    if (code === 38 || code === 48) {
      // 256 colours: the first 16 have names; others are left as they are.
      const name = numbers[i + 1] === 5 ? colorName(numbers[i + 2] ?? 16) : undefined
      if (name !== undefined) {
        style = code === 38 ? { ...style, color: name } : { ...style, background: name }
      }
      i += numbers[i + 1] === 5 ? 2 : 4
    } else style = withCode(style, code)
  }
  return style
}

function withCode(style: AnsiStyle, code: number): AnsiStyle {
  const { color: _color, ...noColor } = style
  const { background: _background, ...noBackground } = style
  if (code === 0) return {}
  if (code === 1) return { ...style, isBold: true }
  if (code === 4) return { ...style, isUnderlined: true }
  if (code === 22) return without(style, "isBold")
  if (code === 24) return without(style, "isUnderlined")
  if (code === 39) return noColor
  if (code === 49) return noBackground
  const [tens, ones] = [Math.floor(code / 10), code % 10]
  const name = colorName(tens === 9 || tens === 10 ? ones + 8 : ones)
  if (name === undefined || ones > 7) return style
  if (tens === 3 || tens === 9) return { ...style, color: name }
  if (tens === 4 || tens === 10) return { ...style, background: name }
  return style
}

function without(style: AnsiStyle, key: keyof AnsiStyle): AnsiStyle {
  return Object.fromEntries(Object.entries(style).filter(([name]) => name !== key))
}

function colorName(index: number): string | undefined {
  const name = colors[index % 8]
  if (index > 15 || name === undefined) return undefined
  return index > 7 ? `Bright${name}` : name
}
