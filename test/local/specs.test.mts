import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, describe, test } from "node:test"
import { bubblewrapRuntime } from "#engine/local/runtime"
import { root } from "../support/folders.mts"
import { type LocalRuns, localRuns } from "./localRuns.mts"

const folder = mkdtempSync(path.join(tmpdir(), "local-specs-"))
const places: LocalRuns[] = []
after(async () => {
  for (const place of places) await place.close()
  rmSync(folder, { recursive: true, force: true })
})

async function opened(home: string): Promise<LocalRuns> {
  const runs = await localRuns(home, bubblewrapRuntime([]))
  places.push(runs)
  return runs
}

describe("in the sandbox, without any cluster,", { timeout: 120_000 }, () => {
  test("the published example of KubeGene runs to its end, each step after what it waits for", async () => {
    const runs = await opened(mkdtempSync(path.join(folder, "p-")))
    const file = path.join(root, "test/fixtures/execution/published.yaml")
    const name = await runs.start(readFileSync(file, "utf8"), file)
    const run = await runs.ended(name)
    assert.equal(run.phase, "succeeded", JSON.stringify(runs.said))
    for (const task of ["a", "b", "c", "d"]) {
      assert.equal(await runs.log(name, `${name}.${task}.0`), `${task.toUpperCase()}\n`)
    }
    const jobs = runs.cluster.world(`default/${name}`).jobs
    const at = (task: string) => jobs.get(`${name}.${task}.0`)?.createdAt ?? Number.NaN
    assert.ok(at("a") <= at("b") && at("a") <= at("c") && at("b") <= at("d"))
  })

  test("a genectl workflow with volumes hands its files from step to step", async () => {
    const home = mkdtempSync(path.join(folder, "p-"))
    const runs = await opened(home)
    const name = await runs.start(volumes, "count.gcs.yaml", { tools })
    const run = await runs.ended(name)
    assert.equal(run.phase, "succeeded", JSON.stringify(runs.said))
    assert.equal(await runs.log(name, `${name}.report.0`), "x: 3\ny: 3\n")
    const claim = path.join(home, "runs/default", name, "claims/lab")
    assert.equal(readFileSync(path.join(claim, "x.count"), "utf8"), "3\n")
  })

  test("a step whose folder cannot be mounted failed for the reason that is told", async () => {
    const runs = await opened(mkdtempSync(path.join(folder, "p-")))
    const name = await runs.start(overFile, "over.yaml")
    const run = await runs.ended(name)
    assert.equal(run.phase, "failed")
    const sentence = JSON.stringify(run.tasks.map(({ reason }) => reason?.sentence))
    assert.match(sentence, /\\"f\\" of the volume \\"data\\" is no folder/)
  })
})

const overFile = `
apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: { name: over }
spec:
  tasks:
    - name: one
      type: Job
      image: busybox
      commandSet: ["echo 1 > /data/f"]
      volumes: { v: { mountPath: /data, mountFrom: { pvc: data } } }
    - name: two
      type: Job
      image: busybox
      commandSet: ["true"]
      dependents: [{ target: one, type: whole }]
      volumes: { v: { mountPath: /data, mountFrom: { pvc: data } } }
      jobTemplate:
        spec:
          backoffLimit: 0
          template:
            spec:
              containers:
                - name: main
                  volumeMounts: [{ name: v, mountPath: /m, subPath: f/below }]
`

const tools = new Map([["busybox:1.36", "busybox:1.36"]])

const volumes = `
version: genecontainer_0_1
inputs:
  samples: { type: array, default: [x, y] }
workflow:
  make:
    tool: busybox:1.36
    commands_iter:
      command: printf '1\\n2\\n3\\n' > /data/\${1}.txt
      vars_iter: ["\${samples}"]
  count:
    tool: busybox:1.36
    commands_iter:
      command: wc -l < /data/\${1}.txt | tr -d ' ' > /data/\${1}.count
      vars_iter: ["\${samples}"]
    depends:
      - { target: make, type: iterate }
  report:
    tool: busybox:1.36
    commands: ['cd /data; for f in *.count; do echo "$(basename $f .count): $(cat $f)"; done']
    depends:
      - { target: count, type: whole }
volumes:
  data: { mount_path: /data, mount_from: { pvc: lab } }
`
