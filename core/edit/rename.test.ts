import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { randomSpec } from "../../test/support/randomSpec.ts"
import { Piece } from "../spec/piece.ts"
import { SpecFile } from "../spec/specFile.ts"
import { edited, rangeEdits } from "./rangeEdit.ts"
import { rename } from "./rename.ts"
import { symbolAt } from "./symbol.ts"

function read(text: string): SpecFile {
  const file = new SpecFile(text, "")
  file.work(() => false)
  return file
}

/** The text after what stands at an offset is called something else, or why it is not. */
function renamed(text: string, offset: number, to: string): { text: string } | { reason: string } {
  const file = read(text)
  const symbol = symbolAt(file, new Piece(text).positionAt(offset))
  if (!symbol) return { reason: "nothing" }
  const made = rename(symbol, to)
  if (made.kind === "refused") return made
  return { text: edited(text, rangeEdits(made.edits, symbol.standing)) }
}

const execution =
  "apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nmetadata: { name: w }\n"

// Each place between « and » changes; the cursor may stand in any of them.
test.each([
  [
    "a task of an Execution, through everything that names it",
    "x-1",
    `${execution}spec:\n  until: [«a»]\n  tasks:\n  - name: "«a»" # a\n    image: a\n  - &b\n    name: b\n    dependents: [{ target: '«a»', type: whole }]\n    commandsIter: { command: "a \${1}", varsIter: [[get_result, «a», " "]] }\n  - name: c\n    dependents:\n    - target: «a»\n    condition: { condition: [check_result, "«a»", a] }\n  - name: d\n    genericCondition: { dependJobName: «a», matchRules: [] }\n`,
  ],
  [
    "a task of an Execution in JSON, line by line",
    "x-1",
    `{\n  "apiVersion": "execution.kubegene.io/v1alpha1",\n  "kind": "Execution",\n  "spec": {\n    "tasks": [\n      {\n        "name": "«a»"\n      },\n      {\n        "name": "b", "dependents": [{"target": "«a»"}]\n      }\n    ]\n  }\n}\n`,
  ],
  [
    "a task of an Execution in JSON, in one line",
    "x-1",
    `{"apiVersion": "execution.kubegene.io/v1alpha1", "kind": "Execution", "spec": {"tasks": [{"name": "«a»"}, {"name": "b", "dependents": [{"target": "«a»"}]}]}}\n`,
  ],
  [
    "a job of a genectl file, in functions too",
    "x-1",
    `version: genecontainer_0_1\nworkflow:\n  «prep»:\n    tool: t:1\n    commands: [prep]\n  b:\n    tool: t:1\n    depends: [{ target: «prep», type: whole }]\n    commands_iter:\n      command: x \${1}\n      vars_iter:\n      - get_result(«prep», ",")\n  c:\n    tool: t:1\n    condition: 'check_result( «prep» , "a")'\n    depends: [{ target: «prep» }]\n`,
  ],
  [
    "an input, wherever it is filled in",
    "lane_2",
    `version: genecontainer_0_1\ninputs:\n  "«n»": { type: number, default: 1 }\nworkflow:\n  a:\n    tool: t:1\n    commands:\n    - |\n      echo \${«n»} \${m} n\n    - "\\"\${«n»}\\""\n    commands_iter: { command: "x \${1}", vars_iter: ["range(0, \${«n»})"] }\nvolumes:\n  v: { mount_path: "\${«n»}", mount_from: { pvc: n } }\n`,
  ],
  [
    "a tool in every job that uses it",
    "bwa:2.0",
    `version: genecontainer_0_1\nworkflow:\n  a: { tool: "«bwa:1.0»", commands: [ls] }\n  b:\n    tool: «bwa:1.0»\n    commands: ["bwa:1.0"]\n`,
  ],
  [
    "a volume in every task and template that mounts it",
    "lab-2",
    `${execution}spec:\n  tasks:\n  - name: a\n    volumes: { «lab»: { mountPath: /lab, mountFrom: { pvc: lab } } }\n  - name: b\n    volumes:\n      «lab»: { mountPath: /x, mountFrom: { pvc: lab } }\n    jobTemplate: { spec: { template: { spec: { containers: [{ name: lab, volumeMounts: [{ name: «lab», mountPath: /y }] }] } } } }\n`,
  ],
  [
    "a node of a Colonies workflow, whose name may need quotes",
    "a: b",
    `- nodename: «a»\n  funcname: a\n- nodename: b\n  funcname: f\n  conditions: { dependencies: ['«a»', c] }\n`,
  ],
])("%s", (_what, to, marked) => {
  const text = marked.replaceAll(/[«»]/g, "")
  const quoted = (name: string, before: string) =>
    to.includes(": ") && before !== "'" ? JSON.stringify(name) : name
  const wish = marked.replaceAll(
    /(.)«[^»]*»/gs,
    (_all, before: string) => before + quoted(to, before),
  )
  const starts = [...marked.matchAll(/«/g)].map(({ index }, i) => index - 2 * i)
  for (const start of starts) {
    expect(renamed(text, start, to)).toEqual({ text: wish })
    expect(renamed(text, start + 1, to)).toEqual({ text: wish })
  }
})

test.each([
  ["b", 'Another task is named "b": each needs a name of its own.'],
  ["ghost", '"b" already names a task "ghost" that is not there: it would then mean this one.'],
  [
    "A_b",
    'Task "A_b" is not a name Kubernetes takes: use lower-case letters, digits and "-", with a letter or digit at both ends, for example "a-b".',
  ],
  ["", "A task needs a name."],
  ["a".repeat(61), "The names of its Jobs would be too long for Kubernetes: shorten"],
])("a task is not called %j, and it is said why", (to, reason) => {
  const text = `${execution}spec:\n  tasks:\n  - name: a\n  - name: b\n    dependents: [{ target: ghost }, { target: a }]\n`
  const made = renamed(text, text.indexOf("name: a") + 6, to)
  expect("reason" in made ? made.reason : made.text).toContain(reason)
})

test("what stands behind an alias is not half renamed", () => {
  const text = `${execution}x-deps: &d [{ target: a }]\nspec:\n  tasks:\n  - name: a\n  - name: b\n    dependents: *d\n`
  const made = renamed(text, text.indexOf("name: a") + 6, "c")
  expect("reason" in made ? made.reason : made.text).toBe(
    '"a" is also named behind "*d", which repeats what stands elsewhere.',
  )
})

test("keys, images and the numbers of rows are no names", () => {
  const text = `${execution}spec:\n  tasks:\n  - name: a\n    image: a\n    commandsIter: { command: "x \${1}", varsIter: [[a]] }\n`
  for (const place of ["image", "a\n    comm", "${1}", "kind"]) {
    expect(renamed(text, text.indexOf(place) + 1, "b")).toEqual({ reason: "nothing" })
  }
})

test("renaming there and back leaves the text as it was", () => {
  let count = 0
  for (let seed = 0; seed < 500; seed++) {
    const random = randomFrom(seed)
    const text = randomSpec(random)
    // Of two tasks of one name only the first can be meant by the others.
    if ([...read(text).diagnose()].some(({ code }) => code === "duplicate-name")) continue
    const names = [...text.matchAll(/\bt\d\b|\bword\b|n:1/g)]
    if (names.length === 0) continue
    const { index } = random.pick(names)
    const old = /^(?:t\d|word|n:1)/.exec(text.slice(index))?.[0] ?? ""
    const to = old.includes(":") ? "new:2" : "fresh"
    const there = renamed(text, index, to)
    if ("reason" in there) continue
    expect(there.text, text).not.toBe(text)
    const first = new RegExp(`(?<![\\w-])${to}`).exec(there.text)?.index ?? -1
    const back = renamed(there.text, first, old)
    expect(back, there.text).toEqual({ text })
    count++
  }
  expect(count).toBeGreaterThan(100)
}, 60_000)
