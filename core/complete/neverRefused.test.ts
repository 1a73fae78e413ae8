import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { parse } from "#core/spec/parse"
import { Piece } from "#core/spec/piece"
import { SpecFile } from "#core/spec/specFile"
import { type Random, randomFrom } from "#test/support/random"
import { randomSpec } from "#test/support/randomSpec"
import { damage } from "#test/support/randomYaml"
import { taskHints } from "../hint/inlayHints.ts"
import { jobCount } from "../hint/jobCount.ts"
import { signature } from "../hint/signature.ts"
import { complete } from "./complete.ts"
import { filled } from "./render.ts"

const noNames = { claims: [], storageClasses: [], serviceAccounts: [], secrets: [], images: [] }
const fixtures = fileURLToPath(new URL("../../test/fixtures", import.meta.url))

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesIn(path)
    return /\.(?:ya?ml|json)$/.test(name) && statSync(path).size < 20_000 ? [path] : []
  })
}

const specs = filesIn(fixtures).map((path) => ({ path, text: readFileSync(path, "utf8") }))

/** A text as it is while somebody writes in it, and where the cursor is. */
function halfTyped(text: string, random: Random): { text: string; at: number } {
  const lines = text.split("\n")
  const line = random.below(lines.length)
  const own = lines[line] ?? ""
  const start = lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0)
  const indent = /^ */.exec(own)?.[0] ?? ""
  const value = /^([ -]*[\w-]+: )(.*)$/.exec(own) ?? /^(\s*"[\w-]+": )(.*?),?$/.exec(own)
  if (value && random.oneIn(2)) {
    const [, before = "", after = ""] = value
    const typed = after.slice(0, random.below(3))
    const rest = own.slice(before.length + after.length)
    lines[line] = before + typed + rest
    return { text: lines.join("\n"), at: start + before.length + typed.length }
  }
  const typed = random.pick(["", "", "", "d", "c", "- "])
  const column = indent.length + random.pick([0, 0, 0, 2])
  lines.splice(line, 0, " ".repeat(column) + typed)
  return { text: lines.join("\n"), at: start + column + typed.length }
}

function faults(text: string, path: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { problems } of parse(text, path)) {
    for (const { code, severity, message } of problems) {
      // What is still missing is not the fault of what was written.
      if (code === "missing-key" || message.startsWith("No executor will take this")) continue
      if (severity !== "error" && severity !== "warning") continue
      const fault = code === "syntax" ? code : `${code} ${message}`
      counts.set(fault, (counts.get(fault) ?? 0) + 1)
    }
  }
  return counts
}

/** Takes offers at random places; answers how many, and those after which the checks found more. */
function takeOffers(seed: number) {
  const random = randomFrom(seed)
  const spec = random.oneIn(3)
    ? { path: "spec.yaml", text: randomSpec(random) }
    : random.pick(specs)
  const { text, at } = halfTyped(spec.text, random)
  const file = new SpecFile(text, spec.path)
  file.work(() => false)
  const world = {
    path: spec.path,
    tools: ["bwa:0.7"],
    cluster: {
      claims: ["lab"],
      storageClasses: ["fast"],
      serviceAccounts: ["runner"],
      secrets: ["key"],
      images: ["busybox:1.36"],
    },
  }
  const found = complete(file, new Piece(text).positionAt(at), world)
  const refused: string[] = []
  for (const offer of found?.offers ?? []) {
    const { standing, item } = found ?? {}
    if (!standing) continue
    const before = [...file.standing()].find(({ document }) => document === standing.document)
    const base = new Piece(text).offsetAt({ line: before?.line ?? 0, character: 0 })
    const placed = (offset: number) => base + standing.document.text.offsetOf({ item, offset })
    const [start, end] = [placed(offer.span.start), placed(offer.span.end)]
    const without = text.slice(0, start) + text.slice(end)
    let after = text.slice(0, start) + filled(offer.insert) + text.slice(end)
    if (offer.commaAt !== undefined) {
      const comma = placed(offer.commaAt)
      after = `${after.slice(0, comma)},${after.slice(comma)}`
    }
    const known = faults(without, spec.path)
    for (const [fault, count] of faults(after, spec.path)) {
      if (count > (known.get(fault) ?? 0)) {
        refused.push(`seed ${seed} ${spec.path}: "${offer.label}" brings ${fault}\n${after}`)
      }
    }
  }
  return { taken: found?.offers.length ?? 0, refused }
}

test("nothing is offered that the checks would refuse", () => {
  let taken = 0
  for (let seed = 0; seed < 150; seed++) {
    const { taken: own, refused } = takeOffers(seed)
    taken += own
    expect(refused).toEqual([])
  }
  expect(taken).toBeGreaterThan(200)
}, 60_000)

test("a question at any place of any broken text is answered", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = randomFrom(seed)
    const spec = random.oneIn(2) ? { path: "a.yaml", text: randomSpec(random) } : random.pick(specs)
    const text = damage(spec.text, random)
    const file = new SpecFile(text, spec.path)
    file.work(() => false)
    const position = new Piece(text).positionAt(random.below(text.length + 1))
    const world = { path: spec.path, tools: [], cluster: noNames }
    expect(() => complete(file, position, world)).not.toThrow()
    expect(() => signature(file, position)).not.toThrow()
    for (const standing of file.standing()) {
      const { items } = standing.document.text
      for (const item of items) expect(() => taskHints(item, standing)).not.toThrow()
      expect(() => jobCount(standing.document)).not.toThrow()
    }
  }
}, 60_000)

test("a workflow of ten thousand tasks on one line is gone through once", () => {
  const task = (i: number) => `{"name":"t${i}","image":"b","commandSet":["ls"]}`
  const tasks = Array.from({ length: 10_000 }, (_, i) => task(i)).join(",")
  const head =
    '{"apiVersion":"execution.kubegene.io/v1alpha1","kind":"Execution","metadata":{"name":"x"}'
  const text = `${head},"spec":{"tasks":[${tasks}]}}`
  const file = new SpecFile(text, "a.json")
  file.work(() => false)
  const at = { line: 0, character: text.length - '"commandSet":["ls"]}]}}'.length }
  const world = { path: "a.json", tools: [], cluster: noNames }
  const started = performance.now()
  expect(complete(file, at, world)).toBeDefined()
  // Once is some tens of milliseconds; once for each task would be minutes.
  expect(performance.now() - started).toBeLessThan(5000)
})
