import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { randomSpec } from "../../test/support/randomSpec.ts"
import { damage } from "../../test/support/randomYaml.ts"
import { SpecFile } from "../spec/specFile.ts"
import { dialects } from "../workflow.ts"
import { type Fix, fixesFor } from "./fix.ts"
import { fixAll } from "./fixAll.ts"
import { edited, rangeEdits } from "./rangeEdit.ts"
import { suppression } from "./suppress.ts"

/** Every fix of a text, with the mistake it is for and the text it leaves. */
function fixes(text: string, path = "") {
  const file = read(text, path)
  return [...file.standing()].flatMap((standing) =>
    [...standing.document.problems()].flatMap((found) =>
      fixesFor(standing.document, found).map((fix: Fix) => ({
        ...fix,
        ...found.problem,
        after: edited(text, rangeEdits(fix.edits, standing)),
      })),
    ),
  )
}

function read(text: string, path: string): SpecFile {
  const file = new SpecFile(text, path)
  file.work(() => false)
  return file
}

function said(text: string, path: string): readonly string[] {
  return [...read(text, path).diagnose()].map(({ code, message }) => `${code} ${message}`)
}

// Every mistake of every dialect that we have a sample of, each with its fixes.
for (const dialect of dialects) {
  const folder = `test/fixtures/${dialect}/problems`
  for (const name of readdirSync(folder).filter((file) => /\.(yaml|json)$/.test(file))) {
    test(`${dialect}: each fix in ${name} takes its mistake away and makes no new text unreadable`, () => {
      const path = `${folder}/${name}`
      const text = readFileSync(path, "utf8")
      const before = said(text, path)
      for (const fix of fixes(text, path)) {
        const line = `${fix.code} ${fix.message}`
        const left = said(fix.after, path)
        const count = (list: readonly string[]) => list.filter((one) => one === line).length
        const about = `${fix.title}\n${line}\n${fix.after}`
        expect(count(left), about).toBeLessThan(count(before))
        const syntax = (list: readonly string[]) =>
          list.filter((one) => one.startsWith("syntax")).length
        expect(syntax(left), about).toBeLessThanOrEqual(syntax(before))
      }
    })
  }
}

const head =
  "apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nmetadata: { name: w }\nspec:\n"
const task = (name: string, more: string) =>
  `  - name: ${name} # its name\n    type: Job\n    image: b\n    commandSet: [ls]\n${more}`
const json = (tasks: string) =>
  `{\n  "apiVersion": "execution.kubegene.io/v1alpha1",\n  "kind": "Execution",\n  "metadata": {"name": "w"},\n  "spec": {\n    "tasks": [\n${tasks}\n    ]\n  }\n}\n`
const node = (name: string, more: string) =>
  `- nodename: ${name}\n  funcname: f\n  conditions:\n    executortype: cli\n${more}`
const gcs = "version: genecontainer_0_1\ninputs:\n  lane: { type: string, default: a }\nworkflow:\n"

/** A text with `«what goes»` and `‹what comes›`: before has the one, after the other. */
function change(marked: string) {
  return {
    before: marked.replaceAll(/‹[^›]*›/gs, "").replaceAll(/[«»]/g, ""),
    after: marked.replaceAll(/«[^»]*»/gs, "").replaceAll(/[‹›]/g, ""),
  }
}

test.each([
  // Edges of a cycle, and lists that become empty.
  [
    'Remove this dependency on "b"',
    `${head}  tasks:\n${task("a", "    dependents: [«{ target: b, type: whole }»] # c\n")}${task("b", "    dependents: [{ target: a, type: whole }]\n")}`,
  ],
  [
    'Remove the dependency of "b" on "a"',
    `${head}  tasks:\n${task("a", "    dependents: [{ target: b, type: whole }]\n")}${task("b", "    dependents:‹ []› # why\n    # one\n«    - target: a # edge\n      type: whole\n»    # end\n")}`,
  ],
  [
    'Remove this dependency on "c"',
    `${head}  tasks:\n${task("a", "    dependents:\n    - { target: b, type: whole }\n    # kept\n«    - target: c # gone\n      type: whole\n»    - { target: d, type: whole }\n")}${task("b", "")}${task("c", "    dependents: [{ target: a, type: whole }]\n")}${task("d", "")}`,
  ],
  [
    'Remove this dependency on "b"',
    json(
      '      {\n        "name": "a", "type": "Job", "image": "b", "commandSet": ["ls"],\n        "dependents": [\n«          {"target": "b", "type": "whole"},\n»          {"target": "c", "type": "whole"}\n        ]\n      },\n      {\n        "name": "b", "type": "Job", "image": "b", "commandSet": ["ls"], "dependents": [{"target": "a", "type": "whole"}]\n      },\n      {\n        "name": "c", "type": "Job", "image": "b", "commandSet": ["ls"]\n      }',
    ),
  ],
  [
    'Remove this dependency on "b"',
    `${node("a", "    dependencies: [c«, b»] # x\n")}${node("b", "    dependencies: [a]\n")}${node("c", "")}`,
  ],
  [
    'Remove this dependency on "b"',
    `${gcs}  a:\n    tool: t:1\n    commands: [ls]\n    depends:‹ []›\n«    - target: b\n      type: whole\n»  b:\n    tool: t:1\n    commands: [ls]\n    depends: [{ target: a, type: whole }]\n`,
  ],
  // Keys.
  [
    'Rename this key to "commandSet"',
    `${head}  tasks:\n  - name: a\n    type: Job\n    image: b\n    "«comandSet»‹commandSet›": [ls] # c\n`,
  ],
  [
    'Rename this key to "commandSet"',
    `${head}  tasks:\n  - name: a\n    type: Job\n    image: b\n    «commands»‹commandSet›: &c [ls]\n`,
  ],
  [
    'Rename this key to "processespernode"',
    `- nodename: a\n  funcname: f\n  conditions: { executortype: cli, «processes-per-node»‹processespernode›: 2 }\n`,
  ],
  [
    'Rename this key to "commandSet"',
    json('      {"name": "a", "type": "Job", "image": "b", "«commands»‹commandSet›": ["ls"]}'),
  ],
  [
    'Add "image: busybox"',
    `${head}  tasks:\n  - name: a # c\n‹    image: busybox\n›    type: Job\n    commandSet: [ls]\n`,
  ],
  [
    'Add "image: busybox"',
    json('      {"name": "a"‹, "image": "busybox"›, "type": "Job", "commandSet": ["ls"]}'),
  ],
  [
    'Add "image: busybox"',
    json(
      '      {\n        "name": "a"‹,\n        "image": "busybox"›,\n        "type": "Job",\n        "commandSet": ["ls"]\n      }',
    ),
  ],
  [
    'Add "type: whole"',
    `${head}  tasks:\n${task("b", "")}${task("a", "    dependents: [{ target: b‹, type: whole› }] # c\n")}`,
  ],
  [
    'Add "type: whole"',
    `${head}  tasks:\n${task("b", "")}${task("a", "    dependents:\n    - target: b # c\n‹      type: whole\n›")}`,
  ],
  [
    'Remove the first "image", which does not count',
    `${head}  tasks:\n  - name: a\n    type: Job\n«    image: x # c\n»    image: b\n    commandSet: [ls]\n`,
  ],
  [
    'Remove the first "name", which does not count',
    json('      {«"name": "x", »"name": "a", "type": "Job", "image": "b", "commandSet": ["ls"]}'),
  ],
  // Names and values.
  [
    'Change to "fetch"',
    `${head}  tasks:\n${task("fetch", "")}${task("a", "    dependents: [{ target: '«fecth»‹fetch›', type: whole }]\n")}`,
  ],
  [
    'Change to "${lane}"',
    `${gcs}  a:\n    tool: t:1\n    commands:\n    - |\n      set -e\n      ls «\${lan}»‹\${lane}›\n`,
  ],
  [
    'Change to "8Gi"',
    `${head}  tasks:\n${task("a", '    resources: { memory: "«8GiB»‹8Gi›" }\n')}`,
  ],
  [
    'Change to "2000m"',
    `- nodename: a\n  funcname: f\n  conditions: { executortype: cli, cpu: "«2»‹2000m›" }\n`,
  ],
  [
    'Say no more of "portability" in this line',
    `${head}  tasks:\n${task("b", "")}${task("a", "    dependents:\n‹    # executions-disable-next-line portability\n›    - target: b\n")}`,
  ],
  [
    'Say no more of "deprecated-key" in this line',
    `${head}  tasks:\n  - name: a\n    type: Job\n    image: b\n    # executions-disable-next-line cycle‹, deprecated-key›\n    commands: [ls]\n`,
  ],
])("%s: nothing but what it says, in %j", (title, marked) => {
  const { before, after } = change(marked)
  for (const eol of ["\n", "\r\n"]) {
    const text = before.replaceAll("\n", eol)
    const path = text.startsWith("{") ? "x.json" : "x.yaml"
    const found = [...fixes(text, path), ...silences(text, path)].filter(
      (fix) => fix.title === title,
    )
    expect(found.map((fix) => fix.after)).toContain(after.replaceAll("\n", eol))
    expect(said(after, path)).not.toContain(`${found[0]?.code} ${found[0]?.message}`)
  }
})

function silences(text: string, path: string) {
  return [...read(text, path).standing()].flatMap((standing) =>
    [...standing.document.problems()].flatMap((found) => {
      const fix = suppression(standing.document, found)
      return fix
        ? [{ ...fix, ...found.problem, after: edited(text, rangeEdits(fix.edits, standing)) }]
        : []
    }),
  )
}

test("JSON and the inside of a text have no line for a comment", () => {
  expect(
    silences(
      json('      {"name": "a", "type": "Job", "image": "b", "commands": ["ls"]}'),
      "x.json",
    ),
  ).toEqual([])
  const text = `${head}  tasks:\n${task("a", "    commandsIter:\n      varsIter: [[x]]\n      command: |\n        set -e\n        ls ${1} ${lane}\n")}`
  expect(said(text, "").filter((one) => one.startsWith("unknown-variable"))).toHaveLength(1)
  expect(silences(text, "").filter(({ code }) => code === "unknown-variable")).toEqual([])
})

test("what cannot run is not silenced", () => {
  const text = `${head}  tasks:\n${task("a", "    dependents: [{ target: b, type: whole }]\n")}`
  expect(silences(text, "")).toEqual([])
})

test("a task with a wrong name is renamed wherever it is named", () => {
  const text = `${head}  tasks:\n${task("Fetch_It", "")}${task("a", "    dependents: [{ target: Fetch_It, type: whole }]\n")}`
  const [fix] = fixes(text).filter(({ code }) => code === "bad-name")
  expect(fix?.after).toBe(text.replaceAll("Fetch_It", "fetch-it"))
})

test("the second task of a name gets one that nobody has", () => {
  const text = `${head}  tasks:\n${task("a", "")}${task("a-2", "")}${task("a", "    dependents: [{ target: a-2, type: whole }]\n")}`
  const [fix] = fixes(text).filter(({ code }) => code === "duplicate-name")
  expect(fix?.title).toBe('Rename "a" to "a-3"')
  expect(fix?.after).toBe(
    `${head}  tasks:\n${task("a", "")}${task("a-2", "")}${task("a-3", "    dependents: [{ target: a-2, type: whole }]\n")}`,
  )
})

test("what an anchor names stays where it is", () => {
  const text = `${head}  tasks:\n${task("b", "")}${task("a", "    commands: &c [ls]\n")}${task("d", "    commands: *c\n")}`
  expect(
    fixes(text)
      .filter(({ code }) => code === "ignored-key")
      .map(({ title }) => title),
  ).toEqual(['Remove "commands"'])
})

test("all of a kind are mended at once, and only what is certain on request", () => {
  const text = `${head}  tasks:\n${task("fetch", "")}${task("a", "    dependents: [{ target: fecth, type: whole }, { target: fetch }]\n")}${task("b", "    dependents: [{ target: fecth, type: whole }]\n")}`
  const all = (wanted: Parameters<typeof fixAll>[1]) => {
    const [standing] = read(text, "").standing()
    if (!standing) throw new Error("no document")
    const { edits, count } = fixAll(standing.document, wanted)
    return { count, after: edited(text, rangeEdits(edits, standing)) }
  }
  expect(all({ code: "unknown-dependency" })).toEqual({
    count: 2,
    after: text.replaceAll("fecth", "fetch"),
  })
  expect(all({ isSafe: true })).toEqual({
    count: 1,
    after: text.replace("{ target: fetch }", "{ target: fetch, type: whole }"),
  })
})

test("in any spec each fix takes its mistake away and leaves a text that can be read", () => {
  let count = 0
  for (let seed = 0; seed < 250; seed++) {
    const random = randomFrom(seed)
    const text = random.oneIn(3) ? damage(randomSpec(random), random) : randomSpec(random)
    const before = said(text, "")
    // A task that lists another one twice waits for it the second time, too.
    const isTwice = before.some((line) => line.includes("is listed twice"))
    for (const fix of fixes(text)) {
      if (fix.code === "cycle" && isTwice) continue
      const line = `${fix.code} ${fix.message}`
      const left = said(fix.after, "")
      const about = `${fix.title}\n${line}\n${fix.after}`
      const count = (list: readonly string[], wanted: string) =>
        list.filter((one) => one.startsWith(wanted)).length
      expect(count(left, line), about).toBeLessThan(count(before, line))
      // Where the text could not be read before, a right key may bring more of it to light.
      if (count(before, "syntax") === 0) expect(count(left, "syntax"), about).toBe(0)
    }
    count += fixes(text).length
  }
  expect(count).toBeGreaterThan(200)
}, 60_000)
