import { expect, test } from "vitest"
import { SpecFile } from "../spec/specFile.ts"
import { taskHints } from "./inlayHints.ts"
import { jobCount, neighbours } from "./jobCount.ts"

function read(text: string, path = "spec.yaml") {
  const file = new SpecFile(text, path)
  file.work(() => false)
  const [standing] = file.standing()
  if (!standing) throw new Error("no document")
  const { items } = standing.document.text
  return {
    /** Each hint as `task: what stands before it | label`, with its tooltip. */
    hints: items.flatMap((item) =>
      taskHints(item, standing).map(({ place, label, tooltip }) => {
        const at = standing.document.text.offsetOf({ item, offset: place.span.end })
        const before = text.slice(0, at).split("\n").at(-1) ?? ""
        return [`${item.task.name?.value}: ${before.trim()} | ${label}`, tooltip]
      }),
    ),
    jobs: jobCount(standing.document),
    neighbours: items.map((item) => neighbours(item, standing.document)),
  }
}

const execution = (task: string) =>
  `apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\nmetadata: {name: x}\nspec:\n  tasks:\n  - name: first\n    image: i\n    commandSet: [ls]\n${task}`

test("several commands are as many Jobs, one command is not worth a word", () => {
  const { hints, jobs } = read(execution("  - name: b\n    image: i\n    commandSet: [one, two]\n"))
  expect(hints).toEqual([["b: commandSet: | 2 Jobs", "- `one`\n- `two`"]])
  expect(jobs).toBe("3 Jobs")
})

test("the first five commands of a fan-out stand there filled in", () => {
  const rows = "varsIter: [[a, b, c], [1, 2]]"
  const { hints } = read(
    execution(
      `  - name: b\n    image: i\n    commandsIter:\n      command: run \${1} \${2} > \${item}\n      ${rows}\n`,
    ),
  )
  expect(hints).toEqual([
    [
      "b: varsIter: | 6 Jobs",
      "- `run a 1 > 0`\n- `run a 2 > 1`\n- `run b 1 > 2`\n- `run b 2 > 3`\n- `run c 1 > 4`\n- and 1 more",
    ],
  ])
})

test("where a result decides there are as many Jobs as it has values", () => {
  const { hints, jobs } = read(
    execution(
      '  - name: b\n    image: i\n    commandsIter:\n      command: run ${1}\n      varsIter: [[get_result, first, ","]]\n    dependents: [{target: first, type: whole}]\n',
    ),
  )
  expect(hints).toEqual([["b: varsIter: | 1 Job or more", undefined]])
  expect(jobs).toBe("2 Jobs or more")
})

test("a dependency without a type waits for the whole task", () => {
  const { hints, neighbours: words } = read(
    execution(
      "  - name: b\n    image: i\n    commandSet: [b]\n    dependents:\n    - target: first\n",
    ),
  )
  expect(hints.map(([hint]) => hint)).toEqual(["b: - target: first | whole"])
  expect(words).toEqual(["needed by 1", "waits for 1"])
})

test("inputs of a gcs workflow are filled into the commands", () => {
  const { hints } = read(
    'version: genecontainer_0_1\ninputs:\n  lanes: {type: array, default: [L1, L2]}\n  out: {default: /d}\nworkflow:\n  map:\n    tool: n:1\n    commands_iter:\n      command: map ${1} ${2} > ${out}\n      vars_iter: ["${lanes}", "range(0, 2)"]\n',
  )
  expect(hints).toEqual([
    [
      "map: vars_iter: | 4 Jobs",
      "- `map L1 0 > /d`\n- `map L1 1 > /d`\n- `map L2 0 > /d`\n- `map L2 1 > /d`",
    ],
  ])
})

test("nodes of a Colonies function are pods of one Job, in YAML and in JSON", () => {
  const spec = { nodename: "a", funcname: "f", conditions: { executortype: "cli", nodes: 4 } }
  expect(read(JSON.stringify(spec), "a.json").hints.map(([hint]) => hint)).toEqual([
    expect.stringContaining("| 1 Job, 4 pods"),
  ])
  const yaml = "- nodename: a\n  funcname: f\n  conditions:\n    executortype: cli\n    nodes: 4\n"
  expect(read(yaml).hints.map(([hint]) => hint)).toEqual(["a: nodes: 4 | 1 Job, 4 pods"])
})
