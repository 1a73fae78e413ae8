import { Disposable, workspace } from "vscode"
import type { EngineRequests } from "#engine/protocol"
import type { RunStore } from "./runStore.ts"

/** Tells the engine how long runs of this machine are kept, once there is an engine. */
export function tellRetention(runs: RunStore): Disposable {
  const nothing = JSON.stringify({})
  let told = nothing
  const tell = () => {
    const wanted = ofSettings()
    const text = JSON.stringify(wanted)
    if (text === told || runs.places.length === 0) return
    told = text
    // An engine that goes away, or is older than this, keeps what it has.
    runs.call("engine/keep", wanted).catch(() => {})
  }
  return Disposable.from(
    runs.onDidChange(tell),
    runs.onDidReopen(() => {
      told = nothing
      tell()
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kubeExecutions.keep")) tell()
    }),
  )
}

function ofSettings(): EngineRequests["engine/keep"]["params"] {
  const settings = workspace.getConfiguration("kubeExecutions.keep")
  const hours = settings.get<number | null>("hours")
  const last = settings.get<number | null>("last")
  return {
    ...(typeof hours === "number" && hours > 0 ? { ttlSeconds: hours * 3600 } : {}),
    ...(typeof last === "number" && last > 0 ? { keepLast: last } : {}),
  }
}
