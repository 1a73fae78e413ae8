import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { cacheFolder, root } from "../folders.mts"
import { identify, isAlive } from "../identity.mjs"
import { withLock } from "../lock.mjs"
import type { Run } from "../run.mts"
import type { Ended } from "./execute.mts"

// The cluster of a clone is shared by all test runs in it. The last one stops it, unless it was up
// before the first: then a person started it and wants to keep it.
const clone = createHash("sha256").update(root).digest("hex").slice(0, 12)
const folder = join(cacheFolder, "cluster-users", clone)
const lock = `${folder}.lock`
const startedByTests = join(folder, "started-by-tests")
const me = join(folder, `${process.pid}.user`)
const program = "test/cluster/main.mts"

export type Acquired =
  | { readonly kind: "up"; readonly kubeconfig: string }
  | { readonly kind: "refused"; readonly why: string }

export async function acquireCluster(_run: Run, up: () => Promise<Ended>): Promise<Acquired> {
  const { code, how, lastWords } = await withLock(
    lock,
    async () => {
      mkdirSync(folder, { recursive: true })
      if ((await kubeconfig()) === undefined) writeFileSync(startedByTests, "")
      writeFileSync(me, JSON.stringify(identify(process.pid)))
      return up()
    },
    () => console.log("another test run is starting the cluster; waiting for it"),
  )
  const path = code === 0 ? await kubeconfig() : undefined
  if (path !== undefined) return { kind: "up", kubeconfig: path }
  await releaseCluster()
  return { kind: "refused", why: how ?? lastWords }
}

/** Stops the cluster if this run is the last user of one that tests have started. */
export async function releaseCluster(): Promise<void> {
  if (!existsSync(me)) return
  await withLock(lock, async () => {
    rmSync(me, { force: true })
    const others = readdirSync(folder).filter((name) => name.endsWith(".user"))
    for (const name of others) {
      const file = join(folder, name)
      if (isAlive(JSON.parse(readFileSync(file, "utf8")))) return
      rmSync(file, { force: true })
    }
    if (!existsSync(startedByTests)) return
    rmSync(startedByTests, { force: true })
    const { code, stderr } = await cluster("down")
    // Where there never was a cluster, nothing need be said.
    if (code === 0 || (await kubeconfig()) === undefined) return
    console.error(`The test cluster could not be stopped:\n${stderr}`)
  })
}

/** Of the running cluster; undefined where none runs. */
async function kubeconfig(): Promise<string | undefined> {
  const { stdout } = await cluster("env")
  return /^export KUBECONFIG='(.*)'$/m.exec(stdout)?.[1]
}

function cluster(verb: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, verb], { cwd: root }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, stdout, stderr }),
    )
  })
}
