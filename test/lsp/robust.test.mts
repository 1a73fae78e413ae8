import assert from "node:assert/strict"
import { test } from "node:test"
import { Piece } from "#core/spec/piece"
import { SpecFile } from "#core/spec/specFile"
import { diagnostics } from "#server/language/diagnostics"
import { documentSymbols } from "#server/language/documentSymbols"
import { hover } from "#server/language/hover"
import { largeSpec } from "../support/largeSpec.ts"
import { randomFrom } from "../support/random.ts"
import { randomSpec } from "../support/randomSpec.ts"
import { damage, randomYaml } from "../support/randomYaml.ts"

function ask(file: SpecFile): void {
  file.work(() => false)
  diagnostics(file, "file:///w/spec.yaml")
  documentSymbols(file)
}

test("no text is too strange: every one is answered", () => {
  for (let seed = 0; seed < 1500; seed++) {
    const random = randomFrom(seed)
    let text = random.oneIn(2) ? randomSpec(random) : randomYaml(random)
    for (let i = random.below(4); i > 0; i--) text = damage(text, random)
    if (random.oneIn(5)) {
      text = String.fromCharCode(
        ...Array.from({ length: random.below(300) }, () => random.below(random.pick([128, 65536]))),
      )
    }
    if (random.oneIn(3)) text = `kind: Execution\n${text}`
    const path = random.pick(["a.execution.yaml", "a.gcs.yaml", "a.function.json", "a.yaml"])
    const file = new SpecFile(text, path)
    ask(file)
    for (let line = 0; line < 8; line++) hover(file, { line, character: random.below(30) })
  }
})

test("alias bombs and ten thousand brackets are answered, not followed", () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(",")}]`,
  )
  const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${levels.join("\n")}\n`
  const head = "kind: Execution\n"
  const deep = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000)
  for (const text of [
    head + bomb,
    `${head}spec:\n  tasks:\n  - name: *a9\n    x: &a0 [*a0]\n`,
    `${head}x: ${deep("[", "]")}\n`,
    `{"kind": "Execution", "x": ${deep('{"a":', "}")}\n`,
    `${head}spec:\n  tasks:\n  - ${"- ".repeat(10_000)}\n`,
    `${head}__proto__: {a: 1}\nconstructor: 1\nspec:\n  tasks:\n  - __proto__: 1\n    name: __proto__\n`,
    `${head}spec:\n  tasks:\n  - name: ${"x".repeat(1_000_000)}\n`,
    `${head}spec:\n  tasks:\n${" ".repeat(1_000_000)}x\n  - name: a\n`,
  ]) {
    ask(new SpecFile(text, "a.yaml"))
  }
})

/** What fingers, merges and other programs do to a text, at the start of a line or inside one. */
const blows = [
  "x",
  "\t",
  '"',
  "'",
  "[",
  "{",
  "- ",
  ": ",
  "#",
  "&a ",
  "*a",
  "!!str ",
  "\0",
  "\ufeff",
  "\ud800",
  "\r",
  "\n",
  "\nx\n",
  "\nx: 1\n",
  "\nx:\n",
  "\n  - name: x\n",
  "\n---\n",
  "\n...\n",
  "<<<<<<< HEAD\n",
  "=======\n",
  ">>>>>>> x\n",
  "__proto__: 1\n",
  "? ",
  "|\n",
  "%YAML 1.1\n",
]

test("no blow to a file of 10,000 tasks costs what reading it anew costs", () => {
  const text = largeSpec(10_000)
  const file = new SpecFile(text, "spec.yaml")
  ask(file)
  // Side by side and each the best of several: a busy machine may hold up one try, and hardly all.
  const anew = least(4, () => ask(new SpecFile(text, "spec.yaml")))
  const whole = new Piece(text)
  const random = randomFrom(7)
  const slow: string[] = []
  for (const blow of blows) {
    for (const atLineStart of [true, false]) {
      const somewhere = whole.positionAt(random.below(text.length))
      const at = { ...somewhere, character: atLineStart ? 0 : somewhere.character }
      const offset = whole.offsetAt(at)
      const end = whole.positionAt(offset)
      let best = Number.POSITIVE_INFINITY
      for (let i = 0; i < 4 && best >= anew; i++) {
        const took = least(1, () => {
          file.edit(at, end, blow)
          file.work(() => false)
          diagnostics(file, "file:///w/spec.yaml")
        })
        best = Math.min(best, took)
        const after = new Piece(file.text())
        file.edit(at, after.positionAt(offset + blow.length), "")
        file.work(() => false)
        assert.equal(file.text(), text)
      }
      if (best >= anew) {
        slow.push(`${JSON.stringify(blow)} at ${JSON.stringify(at)}: ${best} ms, anew ${anew} ms`)
      }
    }
  }
  assert.deepEqual(slow, [])
})

/** The shortest time of so many tries, in milliseconds. */
function least(tries: number, work: () => void): number {
  const times = Array.from({ length: tries }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return Math.min(...times)
}
