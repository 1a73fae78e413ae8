import { fillCommand, product } from "../spec/expressionProduct.ts"
import { entryAt } from "../spec/lookup.ts"
import type { Position } from "../spec/piece.ts"
import { questionAt } from "../spec/questionAt.ts"
import type { SpecFile } from "../spec/specFile.ts"
import { at, type TreeNode } from "../spec/tree.ts"
import { lineStart } from "./lineAt.ts"
import { rangeEdits } from "./rangeEdit.ts"
import type { Refactoring } from "./refactorings.ts"
import { isFlow } from "./removePart.ts"
import { placed, sectionOf } from "./section.ts"
import { writeScalar, writeValue } from "./writeScalar.ts"

/** A list of commands that differ in some words, as one command and the rows of these words. */
export function commandsToIter(file: SpecFile, position: Position): Refactoring | undefined {
  const question = questionAt(file, position)
  const document = question?.standing.document
  if (!question || document?.dialect !== "execution") return undefined
  const key = question.path.find((part) => part === "commandSet" || part === "commands")
  if (typeof key !== "string" || question.path[0] !== "spec") return undefined
  const section = sectionOf(document, document.text.layout ? question.item : undefined)
  const task = section && (section.item ? section.tree : at(section.tree, "spec"))
  const holder = section?.item ? task : taskIn(task, question.path[2])
  const entry = entryAt(holder, key)
  if (
    !section ||
    holder?.kind !== "map" ||
    entry?.value.kind !== "seq" ||
    at(holder, "commandsIter")
  ) {
    return undefined
  }
  const { start } = entry.key.span
  const { end } = entry.value.span
  const { text, isJson, lineEnd } = section
  const commands = entry.value.items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [item.value] : [],
  )
  // A comment or an anchor among the commands would be lost.
  const between = entry.value.items.reduce(
    (rest, { span }) => rest.replace(text.slice(span.start, span.end), ""),
    text.slice(entry.value.span.start, end),
  )
  const iter = commands.length === entry.value.items.length ? common(commands) : undefined
  if (!iter || /[#&*!]/.test(between)) return undefined
  const inner = lineEnd + " ".repeat(start - lineStart(text, start) + 2)
  const newText = isFlow(text, holder)
    ? `${writeScalar("commandsIter", entry.key.style, isJson)}: ${writeValue(iter, isJson)}`
    : `commandsIter:${inner}command: ${writeScalar(iter.command, "plain")}${inner}varsIter: ${writeValue(iter.varsIter, false)}`
  return {
    title: `Write these ${commands.length} commands as one with rows`,
    kind: "refactor.rewrite",
    edits: rangeEdits(placed(section, [{ span: { start, end }, newText }]), question.standing),
  }
}

function taskIn(spec: TreeNode | undefined, index: string | number | undefined) {
  const tasks = at(spec, "tasks")
  return tasks?.kind === "seq" && typeof index === "number" ? tasks.items[index] : undefined
}

/** One command whose rows give exactly these commands in their order. */
export function common(
  commands: readonly string[],
): { readonly command: string; readonly varsIter: readonly (readonly string[])[] } | undefined {
  const words = commands.map((command) => command.split(/(\s+)/))
  const [first] = words
  if (!first || commands.length < 2 || commands.some((command) => command.includes("${")))
    return undefined
  if (words.some((list) => list.length !== first.length)) return undefined
  const rows: string[][] = []
  const parts = first.map((word, i) => {
    const column = words.map((list) => list[i] ?? "")
    if (column.every((other) => other === word)) return word
    const { before, middles, after } = apart(column)
    const known = rows.findIndex((row) => row.join("\n") === middles.join("\n"))
    const number = known >= 0 ? known + 1 : rows.push(middles)
    return `${before}\${${number}}${after}`
  })
  const command = parts.join("")
  // Words that change together are one row; others are combined, each value with each.
  const choices = rows.length === 1 ? rows : rows.map((row) => [...new Set(row)])
  let count = 0
  for (const columns of product(choices)) {
    if (fillCommand(command, columns, count) !== commands[count]) return undefined
    count++
  }
  return count === commands.length ? { command, varsIter: choices } : undefined
}

/** What words have in common at both ends, up to a sign between letters, and what they have not. */
function apart(column: readonly string[]) {
  const [first = ""] = column
  let before = first.length
  let after = first.length
  for (const word of column) {
    let i = 0
    while (i < before && word[i] === first[i]) i++
    before = i
  }
  while (before > 0 && /[A-Za-z0-9]/.test(first[before - 1] ?? "")) before--
  const shortest = Math.min(...column.map((word) => word.length))
  for (const word of column) {
    let i = 0
    while (i < after && i < shortest - before && word.at(-1 - i) === first.at(-1 - i)) i++
    after = i
  }
  while (after > 0 && /[A-Za-z0-9]/.test(first.at(-after) ?? "")) after--
  return {
    before: first.slice(0, before),
    middles: column.map((word) => word.slice(before, word.length - after)),
    after: after === 0 ? "" : first.slice(-after),
  }
}
