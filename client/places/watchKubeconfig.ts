import { basename, dirname } from "node:path"
import { type Disposable, l10n, RelativePattern, Uri, window, workspace } from "vscode"
import type { Places } from "../places.ts"
import type { RunStore } from "../runs/runStore.ts"

/** Says when kubectl's context becomes another one; new runs go where they went until somebody switches. */
export function watchKubeconfig(places: Places, runs: RunStore): Disposable {
  let watched = ""
  let watchers: Disposable[] = []
  let current: string | undefined
  let timer: NodeJS.Timeout | undefined

  const look = async () => {
    const { kubeconfig } = places.kubeRequest()
    const {
      files,
      current: now,
      problem,
    } = await runs.call("kubeconfig/look", kubeconfig ? { kubeconfig } : {})
    watch(files)
    // Half-written files are read again when the other half is there.
    if (problem) return
    const before = current
    current = now
    // Whoever runs things here does not care where kubectl points.
    if (places.current?.kind !== "kube") return
    const here = places.current.context
    if (before === undefined || now === undefined || now === before || now === here) return
    await ask(now, here)
  }
  const ask = async (now: string, here: string) => {
    const toNew = l10n.t("Switch")
    const stay = l10n.t("Stay")
    const sentence = l10n.t("kubectl now points to {now}. New runs still go to {here}.", {
      now,
      here,
    })
    const answer = await window.showInformationMessage(sentence, toNew, stay)
    const kubeconfig = places.kubeChoice?.kubeconfig
    const file = kubeconfig ? { kubeconfig } : {}
    if (answer === toNew) {
      await places.choose({ ...file, context: now })
      await places.open()
    } else if (answer === stay) {
      const namespace = places.current?.namespace
      await places.choose({ ...file, context: here, ...(namespace ? { namespace } : {}) })
      await places.open()
    }
  }
  const lookSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void look().catch(() => {}), settleMs)
  }
  const watch = (files: readonly string[]) => {
    if (files.join("\n") === watched) return
    watched = files.join("\n")
    for (const watcher of watchers) watcher.dispose()
    watchers = files.map((file) => {
      const pattern = new RelativePattern(Uri.file(dirname(file)), basename(file))
      const watcher = workspace.createFileSystemWatcher(pattern)
      watcher.onDidChange(lookSoon)
      watcher.onDidCreate(lookSoon)
      return watcher
    })
  }
  // The engine runs by then: looking starts nothing.
  const listener = places.onDidChange(() => {
    if (places.current) lookSoon()
  })
  return {
    dispose: () => {
      listener.dispose()
      clearTimeout(timer)
      for (const watcher of watchers) watcher.dispose()
    },
  }
}

/** Editors and kubectl write a file in more than one step. */
const settleMs = 300
