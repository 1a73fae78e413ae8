// Sees to it that there is a sandbox that works, or writes down what is missing: part of a stage of npm test.
import { spawnSync } from "node:child_process"
import { bubblewrapRuntime, runtimeWorks } from "#engine/local/runtime"
import { hasAptGet, installDebian } from "../support/debian.mts"
import { mayInstall } from "../support/missing.mts"
import { record } from "../support/record.mts"

const say = (line: string) => console.log(`sandbox: ${line}`)
const how = "npm test -- --install (runs apt-get install bubblewrap), or install it by hand"

const missing = await lacking()
if (missing !== undefined) {
  record({ kind: "missing", ...missing })
  say(`there is no ${missing.missing}: ${missing.how}`)
  process.exitCode = 1
}

async function lacking() {
  if (process.platform !== "linux") return { missing: "bubblewrap", how: "it is for Linux only" }
  if (spawnSync("bwrap", ["--version"]).status !== 0) {
    if (!mayInstall || !hasAptGet()) return { missing: "bubblewrap", how }
    const failed = await installDebian(["bubblewrap"], say)
    if (failed !== undefined) return { missing: "bubblewrap", how: failed }
  }
  if (await runtimeWorks(bubblewrapRuntime([]))) return undefined
  return {
    missing: "sandbox that starts",
    how: "bwrap is there, but this kernel or container does not let it make namespaces",
  }
}
