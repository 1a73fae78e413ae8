import { expect, test } from "vitest"
import { largeSpec } from "../../test/support/largeSpec.ts"
import { randomFrom } from "../../test/support/random.ts"
import { readExactly } from "./exact.ts"
import { readExactTail } from "./exactTail.ts"
import { read } from "./reader.ts"

test("a broken task read from the broken key on is the task read from its start", () => {
  const random = randomFrom(7)
  const texts = [...tasks(200), ...odd]
  let fromTheMiddle = 0
  const rounds = 1_000
  for (let round = 0; round < rounds; round++) {
    let text = random.pick(texts) + (random.oneIn(4) ? random.pick(texts) : "")
    for (let edits = 1 + random.below(3); edits > 0; edits--) {
      const at = random.below(text.length)
      const inserted = random.oneIn(3) ? "" : random.pick(pieces)
      text = text.slice(0, at) + inserted + text.slice(at + (inserted === "" ? 1 : 0))
    }
    const fast = read(text)
    const tail = fast.stoppedAt === undefined ? undefined : readExactTail(text, fast, undefined)
    if (!tail) continue
    fromTheMiddle++
    const [whole] = readExactly(text)
    expect(tail, JSON.stringify(text)).toEqual(whole)
  }
  // The comparison means something only while many texts are read so.
  expect(fromTheMiddle).toBeGreaterThan(rounds / 10)
})

test("of the lines behind one that is too far to the left only that one is told", () => {
  const [first = "", second = ""] = tasks(2)
  const broken = first + second.replace("  - name", " x - name")
  const tail = readExactTail(broken, read(broken), undefined)
  expect(tail).toEqual(readExactly(broken)[0])
  expect(tail?.problems.map(({ span }) => broken.slice(span.start).split("\n")[0])).toEqual([
    "x - name: task-1",
  ])
})

function tasks(count: number): readonly string[] {
  return largeSpec(count)
    .split(/^(?= {2}- )/m)
    .slice(1)
}

const pieces = [
  ..."ax0-_./:  \n\t'\"#[]{},&*!|>%@`",
  ": ",
  " #",
  "\n\n",
  "\n  ",
  "\n    ",
  "\n      x",
  "- ",
  "\r\n",
  "\n---\n",
  "&a ",
  "*a",
  "<<: *a",
  "\n    # why\n",
  "? ",
]

const odd = [
  '  - name: a\n    image: [x,\n      y]\n    commandSet: {a: b}\n    # why\n    c: |\n      d\n\n      e\n    f: "g"\n    h:\n    - i\n',
  "  - name: &a b\n    x: *a\n    <<: {c: d}\n    e: f\n    g: h\n",
  "  -   name: a\r\n      b: c\r\n      d: e\r\n      f: g\r\n",
  "- a: 1\n  b: 2\n  c:\n    d: 3\n    e:\n    - 4\n  f: 5\n",
]
