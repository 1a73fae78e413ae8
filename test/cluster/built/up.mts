import { existsSync, rmSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { connect } from "../api.mts"
import { teachExecutions } from "../installExecutions.mts"
import { withLock } from "../lock.mts"
import { Refusal } from "../refusal.mts"
import { build } from "./build.mts"
import { choose } from "./choose.mts"
import {
  apiServer,
  type Bed,
  containerd,
  controllerManager,
  etcd,
  kubelet,
  registry,
  type Settings,
  scheduler,
} from "./components.mts"
import { takeDown } from "./down.mts"
import { makeCgroups, rememberHost } from "./host.mts"
import { everyChoice, layout, layoutOf, readChoices, writeChoices } from "./layout.mts"
import { lastLines } from "./logs.mts"
import { raiseNetwork } from "./network.mts"
import { requirePackages } from "./packages.mts"
import { nodeName, writeIdentities } from "./pki.mts"
import { ensure, logFile, nodeComponent, pidOf, recordedNames } from "./processes.mts"

export interface UpOptions {
  readonly settings: Settings
  readonly mayInstall: boolean
  readonly tell: Tell
}

type Tell = (sentence: string) => void

/**
 * Makes the cluster of this clone run: what runs already with these settings is left alone, what is
 * missing is started. So it may be called again at any time, and after any crash.
 */
export async function up({ settings, mayInstall, tell }: UpOptions): Promise<void> {
  await requirePackages(mayInstall, tell)
  const bin = await build(tell)
  // Ports, addresses and kernel settings belong to the whole machine: one start or stop at a time.
  await withLock(
    { name: "cluster", purpose: `starts the cluster of ${layout.clone}`, tell },
    async () => {
      for (const { choices } of everyChoice()) {
        if (existsSync(choices.clone)) continue
        tell(`removes the cluster of ${choices.clone}, which is not there any more`)
        await takeDown(layoutOf(choices.clone), { wipe: true })
      }
      await start(bin, settings, tell)
    },
  )
}

async function start(bin: string, settings: Settings, tell: Tell): Promise<void> {
  const bed = await prepare(bin, settings, tell)
  await ensure(layout, etcd(bed))
  await ensure(layout, apiServer(bed))
  await ensure(layout, registry(bed))
  await ensure(layout, containerd(bed))
  const api = await connect(layout.kubeconfig)
  await become("the API server is ready", ["etcd", "kube-apiserver"], () =>
    api.text("/readyz").then((text) => text === "ok"),
  )
  // Before the controllers start: garbage collection looks for new kinds only every 30 s.
  await teachExecutions()
  await ensure(layout, controllerManager(bed))
  await ensure(layout, scheduler(bed))
  const startedAt = Math.floor(Date.now() / 1000) * 1000
  const nodePid = pidOf(layout, nodeComponent)
  if (nodePid === undefined) throw ended(nodeComponent)
  const restarted = (await ensure(layout, kubelet(bed, nodePid))) !== undefined
  const everything = recordedNames(layout)
  await become("the node is Ready", everything, async () => {
    const node = await api.get<Node>(`/api/v1/nodes/${nodeName}`)
    const ready = node.status.conditions?.find(({ type }) => type === "Ready")
    // A kept state still holds the Ready that the last kubelet wrote.
    const isOfNow = !restarted || Date.parse(ready?.lastHeartbeatTime ?? "") >= startedAt
    return ready?.status === "True" && isOfNow
  })
  await become('the service account "default" is there', everything, async () => {
    await api.get("/api/v1/namespaces/default/serviceaccounts/default")
    return true
  })
}

async function prepare(bin: string, settings: Settings, tell: Tell): Promise<Bed> {
  const kept = readChoices(layout.folder)
  const runs = recordedNames(layout).some((name) => pidOf(layout, name) !== undefined)
  if (kept === undefined || !runs) {
    // Whatever an earlier crash left (bridge, rules, cgroups, half a start) goes before we choose anew.
    await takeDown(layout, { wipe: false })
    const { choices, stale } = await choose(layout)
    if (stale) {
      tell("its addresses are used by something else now: it begins anew, with nothing stored")
      rmSync(layout.folder, { recursive: true, force: true })
    }
    // The judge reads one log of one life of the cluster.
    rmSync(path.dirname(layout.auditLog), { recursive: true, force: true })
    writeChoices(layout.folder, choices)
  }
  const choices = readChoices(layout.folder)
  if (choices === undefined) throw new Error(`${layout.folder} vanished while the cluster started`)
  rememberHost(layout)
  makeCgroups(layout)
  await Promise.all([writeIdentities(layout, choices), raiseNetwork(layout, choices)])
  return { layout, choices, settings, bin }
}

interface Node {
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly lastHeartbeatTime: string
    }[]
  }
}

/** Waits until `isTrue` answers true; ends at once, with the log, when a component that it needs ends. */
async function become(
  what: string,
  needed: readonly string[],
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 180_000
  let last: unknown
  for (;;) {
    try {
      if (await isTrue()) return
    } catch (error) {
      last = error
    }
    for (const name of needed) {
      if (pidOf(layout, name) === undefined) throw ended(name)
    }
    if (Date.now() > deadline) {
      const why = last instanceof Error ? `: ${last.message}` : ""
      throw new Refusal(
        `After 3 minutes it is still not true that ${what}${why}. ` +
          `The logs are in ${path.join(layout.folder, "logs")}.`,
      )
    }
    await pause(50)
  }
}

function ended(name: string): Refusal {
  const log = logFile(layout, name)
  return new Refusal(
    `"${name}" ended while the cluster started. Its log ${log} closes with:\n${lastLines(log, 6)}`,
  )
}
