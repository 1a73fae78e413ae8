import { readAnsi } from "#core/view/ansi"
import { element } from "../shared/element.ts"

/** The most that is shown of a line unless somebody asks for all of it. */
export const mostShown = 2000

/** What is to be read of a line as a terminal would colour it, with what was found marked. */
export function lineText(
  line: string,
  found: RegExp | undefined,
  isWhole: boolean,
): readonly Node[] {
  const { text, spans } = readAnsi(isWhole ? line : line.slice(0, mostShown))
  const cuts = new Set([0, text.length])
  for (const { start, end } of spans) cuts.add(start).add(end)
  const marks = found === undefined ? [] : marksIn(text, found)
  for (const [start, end] of marks) cuts.add(start).add(end)
  const places = [...cuts].sort((a, b) => a - b)
  return places.slice(0, -1).map((from, index) => {
    const part = text.slice(from, places[index + 1])
    const isMarked = marks.some(([start, end]) => start <= from && from < end)
    const style = spans.find(({ start, end }) => start <= from && from < end)?.style
    const node = element(isMarked ? "mark" : "span", {}, part)
    if (style?.color !== undefined) node.style.color = ansi(style.color)
    if (style?.background !== undefined) node.style.backgroundColor = ansi(style.background)
    if (style?.isBold) node.style.fontWeight = "600"
    if (style?.isUnderlined) node.style.textDecoration = "underline"
    return node
  })
}

/** What is looked for is looked for in what is to be read. */
export function readable(line: string): string {
  return hasControls.test(line) ? readAnsi(line).text : line
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const hasControls = /[\u0000-\u0008\u000b-\u001f\u007f\u009b]/

function ansi(name: string): string {
  return `var(--vscode-terminal-ansi${name})`
}

function marksIn(text: string, found: RegExp): readonly (readonly [number, number])[] {
  const marks: (readonly [number, number])[] = []
  for (const match of text.matchAll(new RegExp(found.source, `g${found.flags}`))) {
    if (match[0] !== "") marks.push([match.index, match.index + match[0].length])
    if (marks.length === 1000) break
  }
  return marks
}
