import { expect, test } from "vitest"
import { annotations as keys } from "../plan/labels.ts"
import { runView } from "../view/statusTree.ts"
import { run, type Tasks } from "./decide.fixture.ts"
import { decide } from "./decide.ts"
import { planOf, type Seen, seen, soon } from "./run.fixture.ts"

const tasks: Tasks = {
  "files-in": {},
  a: { after: "files-in" },
  b: { after: "a" },
  "files-out": { after: "b" },
}

const note = { from: "colony", claim: "lab", tasks: ["files-in", "files-out"] }

function decided(looks: Seen["looks"], written: object = note, spec: object = {}) {
  const plan = planOf(tasks, { ...spec })
  const annotations = { [keys.files]: JSON.stringify(written) }
  const decision = decide(plan, seen(plan, { looks: looks ?? {}, annotations }), soon)
  const after = seen(plan, { looks: looks ?? {}, annotations, status: decision.status })
  return { decision, view: runView(plan, after) }
}

const done = { "files-in.0": "complete", "a.0": "complete" } as const
const why = '"b" failed: command ended with exit code 2'
const where = 'it is on the claim "lab"'

test("a run that failed says where the files are that were not sent back", () => {
  const { decision, view } = decided({ ...done, "b.0": "failed" })
  const sentence = `${why}; what its steps left was not sent back to the colony: ${where}`
  expect(run(decision)).toBe(`Failed (ended): ${sentence}`)
  const last = view.tasks.find(({ name }) => name === "files-out")
  expect(last).toMatchObject({ phase: "not-started" })
  expect(last?.reason?.sentence).toBe(
    'did not start, because the run failed: what its steps left is on the claim "lab", and goes back when a run that takes up this one succeeds',
  )
})

test("it says so too when sending them failed", () => {
  const { decision } = decided({ ...done, "b.0": "complete", "files-out.0": "failed" })
  expect(run(decision)).toBe(
    `Failed (ended): "files-out" failed: command ended with exit code 2; what its steps left may not all have gone back to the colony: ${where}`,
  )
})

test.each<[string, Seen["looks"], object, object]>([
  ["no step began that could have left any", { "files-in.0": "failed" }, note, {}],
  [
    "the files came from a folder, where nothing goes back",
    { ...done, "b.0": "failed" },
    { from: "folder", path: "/x" },
    {},
  ],
  ["the note is of an earlier version", { ...done, "b.0": "failed" }, { from: "colony" }, {}],
  ["only a part was to be run", { ...done, "b.0": "failed" }, note, { until: ["b"] }],
])("nothing is said of files where %s", (_why, looks, written, spec) => {
  const { decision } = decided(looks, written, spec)
  expect(run(decision)).toMatch(/^Failed \(ended\): .* failed: command ended with exit code 2$/)
})
