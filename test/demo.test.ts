import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import type { ProcessRecord } from "#colonies/client/records"
import { jobOfProcess } from "#colonies/executor/jobOfProcess"
import { specFault } from "#colonies/executor/specFault"
import { SpecFile } from "#core/spec/specFile"
import { submission } from "#core/spec/submission"

const folder = "test/fixtures/demo"

function read(name: string) {
  const documents = new SpecFile(readFileSync(join(folder, name), "utf8"), name).documents()
  const [document] = documents
  if (document === undefined) throw new Error(`${name} has no workflow in it`)
  return document
}

const examples = readdirSync(folder).filter(
  (name) => /\.(ya?ml|json)$/.test(name) && name !== "with-a-mistake.yaml",
)

test.each(examples)("%s has no mistake", (name) => {
  const found = read(name).problems.filter(({ severity }) => severity === "error")
  expect(found.map(({ message }) => message)).toEqual([])
})

test("there is nothing to say of the workflow in the README", () => {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? []
  const [document, ...others] = new SpecFile(text, "readme.yaml").documents()
  expect(others).toEqual([])
  expect(document?.problems).toEqual([])
  expect(document?.workflow?.tasks.map(({ name }) => name?.value)).toEqual(["fetch", "align"])
})

const worked = ["gpu.function.yaml", "code-from-colonies-fs.function.yaml"]

test.each(worked)("in %s there is nothing to say, and an executor takes it", (name) => {
  const { problems } = read(name)
  const said = problems.filter(({ severity }) => severity === "error" || severity === "warning")
  expect(said.map(({ message }) => message)).toEqual([])
  expect(specFault(processOf(name).spec)).toBeUndefined()
})

test("the GPU example asks for one GPU in each container, on nodes of its kind", () => {
  const world = { executorName: "kube", claim: "cfs", isCompatible: false }
  expect(jobOfProcess(processOf("gpu.function.yaml"), world)).toMatchObject({
    spec: {
      completions: 2,
      template: {
        spec: {
          nodeSelector: { accelerator: "nvidia-a100" },
          containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }],
        },
      },
    },
  })
})

/** As a server hands it to an executor, as far as these examples go. */
function processOf(name: string): ProcessRecord {
  const { spec } = submission(read(name).tree, "dev")
  const record = { processid: "a".repeat(64), starttime: "2026-11-21T08:00:00Z", retries: 0, spec }
  return record as unknown as ProcessRecord
}
