// What our checks call an error of the server is what the server refuses, and nothing else.
import assert from "node:assert/strict"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { ColonyError } from "#colonies/client/colonyError"
import { SpecFile } from "#core/spec/specFile"
import { submission } from "#core/spec/submission"
import { root } from "../support/folders.mts"
import { type Bed, functionSpec, openBed } from "./bed.mts"

let bed: Bed
before(async () => {
  bed = await openBed()
})
after(() => bed.close())

/** The server's word on a spec as it is written. */
async function refusal(spec: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  try {
    const { processid } = await bed.user.call("submitfuncspecmsg", { spec })
    await bed.user.call("cancelprocessmsg", { processid })
    return undefined
  } catch (error) {
    if (error instanceof ColonyError) return error.said
    throw error
  }
}

describe("a function spec", () => {
  const amounts = [
    ...["1Gi", "10M", "500Ki", "10K", "1G", "1KiB", "1TiB", "-1Gi", ""],
    ...["1024", "1", "Gi", "10Ti", "1.5Gi", "10mi", "10 Gi", "10GB", "1e3Mi", "0x10Mi"],
  ].map((mem) => ({ mem }))
  const others = [
    ...["500m", "1", "2.5", "", "-5m", "xm", "1.5m", " 5m"].map((cpu) => ({ cpu })),
    ...["1Gi", "10Ti"].map((storage) => ({ storage })),
    ...["11G", "11"].map((mem) => ({ gpu: { name: "g", mem, count: 1 } })),
    ...[2, 2.5, "2", null, -1].map((nodes) => ({ nodes })),
    { executornames: ["a"] },
    { executornames: "a" },
    { executornames: [1] },
  ]
  for (const changes of [...amounts, ...others]) {
    test(`with ${JSON.stringify(changes)}`, async () => {
      const { conditions, ...spec } = functionSpec(bed.executorType, { kwargs: {} })
      await agrees({ ...spec, conditions: { ...conditions, ...changes } })
    })
  }
  for (const changes of [
    { priority: 50_001 },
    { priority: -50_000 },
    { env: { A: 1 } },
    { env: { A: "1" } },
    { args: "x" },
    { kwargs: [] },
    { maxretries: "3" },
    { fs: { mount: "/cfs", dirs: [{ label: "/a", dir: "/a", keepfiles: "yes" }] } },
    { fs: [] },
    { label: 3 },
    { unheard: { of: 1 } },
  ]) {
    test(`with ${JSON.stringify(changes)}`, async () => {
      await agrees({ ...functionSpec(bed.executorType, { kwargs: {} }), ...changes })
    })
  }
})

test("every good example is taken", async () => {
  const files = globSync("test/fixtures/{function,colonies-workflow}/good/*", { cwd: root })
  assert.ok(files.length > 0)
  for (const path of files) {
    const [document] = new SpecFile(readFileSync(join(root, path), "utf8"), path).documents()
    assert.ok(document)
    const ready = submission(document.tree, bed.colony)
    if (ready.kind === "function") assert.equal(await refusal(ready.spec), undefined, path)
    else {
      const { processgraphid } = await bed.user.call("submitworkflowspecmsg", { spec: ready.spec })
      await bed.user.call("cancelprocessgraphmsg", { processgraphid })
    }
  }
})

async function agrees(spec: { readonly conditions: object }) {
  const [document] = new SpecFile(JSON.stringify(spec), "spec.json").documents()
  const ours = (document?.problems ?? [])
    .filter(({ severity, authority }) => severity === "error" && authority === "server")
    .map(({ message }) => message)
  const { conditions, ...rest } = spec
  const theirs = await refusal({
    ...rest,
    conditions: { ...conditions, colonyname: bed.colony },
  })
  assert.equal(ours.length > 0, theirs !== undefined, `ours: ${ours}; the server: ${theirs}`)
}
