import type { Random } from "./random.ts"

/** A small YAML text, mostly well formed, then often damaged in a few places. */
export function randomYaml(random: Random): string {
  const eol = random.oneIn(6) ? "\r\n" : "\n"
  let text = block(random, random.oneIn(8) ? random.below(3) : 0, 0)
  if (random.oneIn(6)) text = `---${random.pick(["", " # c", " "])}\n${text}`
  if (random.oneIn(10)) text = flow(random, 0)
  if (random.oneIn(2)) text = damage(text, random)
  return eol === "\n" ? text : text.replaceAll("\n", eol)
}

export function damage(text: string, random: Random): string {
  let damaged = text
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(damaged.length + 1)
    const cut = random.oneIn(2) ? random.below(3) : 0
    damaged = damaged.slice(0, at) + random.pick(bits) + damaged.slice(at + cut)
  }
  return damaged
}

const bits = [
  ..." \n\t\r:-#,[]{}\"'|>&*!?%@`~0a\\\u0000\u00e9\ufeff",
  "",
  "\n  ",
  "\n- ",
  "- ",
  ": ",
  " #",
  "\n---\n",
  "\n...\n",
  "&a ",
  "*a",
  "<<: *a",
  "!!str ",
  "\ud800",
  "\u{1f9ec}",
  "<<<<<<< HEAD\n",
  "=======\n",
  ">>>>>>> x\n",
  "__proto__: 1\n",
  "\\x",
  "''",
]

function block(random: Random, column: number, depth: number): string {
  return random.oneIn(3) ? list(random, column, depth) : map(random, column, depth)
}

function map(random: Random, column: number, depth: number): string {
  let text = ""
  for (let i = random.below(3); i >= 0; i--) {
    text += `${gap(random)}${" ".repeat(column)}${key(random)}:${value(random, column, depth, true)}`
  }
  return text
}

function list(random: Random, column: number, depth: number): string {
  let text = ""
  for (let i = random.below(3); i >= 0; i--) {
    const dash = `${gap(random)}${" ".repeat(column)}-`
    if (depth < 4 && random.oneIn(2)) {
      const width = 1 + random.below(2)
      const inner = map(random, column + 1 + width, depth + 1)
      text += `${dash}${" ".repeat(width)}${inner.trimStart()}`
    } else text += dash + value(random, column, depth, false)
  }
  return text
}

function value(random: Random, column: number, depth: number, ofKey: boolean): string {
  const comment = random.oneIn(6) ? " # note: x" : ""
  if (depth < 4 && random.oneIn(3)) {
    const inner = column + (ofKey && random.oneIn(4) ? 0 : 1 + random.below(3))
    const below =
      inner === column ? list(random, inner, depth + 1) : block(random, inner, depth + 1)
    return `${comment}\n${below}`
  }
  if (random.oneIn(8)) return `${comment}\n`
  if (random.oneIn(7)) return ` ${blockScalar(random, column)}`
  if (random.oneIn(4)) return ` ${flow(random, column + 1)}${comment}\n`
  return ` ${scalar(random)}${comment}\n`
}

function blockScalar(random: Random, column: number): string {
  const indent = " ".repeat(column + 1 + random.below(3))
  let text = `${random.pick(["|", ">", "|-", ">-", "|", "|+"])}${random.oneIn(6) ? " # c" : ""}\n`
  for (let i = random.below(4); i >= 0; i--) {
    text += random.oneIn(5) ? "\n" : `${indent}${random.oneIn(6) ? " " : ""}${random.pick(words)}\n`
  }
  return text
}

function flow(random: Random, column: number): string {
  const space = () => {
    if (random.oneIn(8)) return `\n${" ".repeat(column + random.below(4))}`
    return random.oneIn(3) ? " " : ""
  }
  const inner = () => (random.oneIn(4) ? flow(random, column) : flowScalar(random))
  const count = random.below(4)
  const parts = Array.from({ length: count }, () =>
    random.oneIn(2) ? `${space()}${inner()}${space()}` : `${space()}${key(random)}: ${inner()}`,
  )
  if (random.oneIn(2))
    return `[${Array.from({ length: count }, () => space() + inner()).join(",")}]`
  return `{${parts.map((part) => (part.includes(":") ? part : `"k":${part}`)).join(",")}${space()}}`
}

function flowScalar(random: Random): string {
  return random.pick([...words, ...quoted, ...plain.filter((word) => !/[,[\]{}]/.test(word))])
}

function gap(random: Random): string {
  if (random.oneIn(10)) return random.pick(["\n", "# c\n", "  # c\n", "   \n"])
  return ""
}

function key(random: Random): string {
  return random.pick(["name", "a", "b c", '"q"', "'s'", "x-y", "1", "a.b/c", "name "])
}

function scalar(random: Random): string {
  return random.pick([...words, ...quoted, ...plain])
}

const words = ["x", "echo hello", "bwa mem -t 4 /ref/a.fa > /tmp/x.sam", "a: b", "# no", "- z"]
const quoted = [
  '"x"',
  "'it''s'",
  '"\\n\\u00e9\\""',
  '"a # b: c"',
  "''",
  '""',
  '"\\q"',
  '"\u{1f9ec}"',
]
const plain = [
  "1",
  "-1",
  "0777",
  "0o7",
  "1.5",
  "1e3",
  "true",
  "Null",
  "~",
  ".inf",
  ".NaN",
  "a#b",
  "a:b",
  "http://x/y?z=1,2",
  "$" + "{1}",
  "-x",
  "<<",
  "a, b",
  "[x",
  "é",
  "\u{1f9ec} dna",
  "v1.2.3",
  "2001-01-01",
  "+1",
  "12e03",
  "0x1f",
]
