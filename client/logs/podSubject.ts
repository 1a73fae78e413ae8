import { Disposable, l10n } from "vscode"
import type { JobView } from "#core/view/jobView"
import { OpenedJobs } from "../runs/openedJobs.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { PodAddress } from "./logAddress.ts"
import type { LogSubject } from "./logSubject.ts"

/** One pod of a Job that no run made. */
export function podSubject(address: PodAddress, runs: RunStore, onChange: () => void): LogSubject {
  const { place, job, pod, previous } = address
  const jobs = new OpenedJobs(runs)
  let view: JobView | undefined
  const look = async () => {
    view = await jobs.view(place, job)
    onChange()
  }
  // A Job that is gone leaves what was known of it.
  const listener = jobs.onDidChange(() => void look().catch(() => {}))
  const find = () => view?.jobs[0]?.pods.find((one) => one.pod === pod)
  return {
    name: pod,
    fileName: `${pod}.log`,
    whose: { job, pod },
    options: {},
    known: look(),
    keptRun: () => ({ place, run: `Job ${job}`, createdAt: view?.jobs[0]?.createdAt ?? null }),
    pods: () => [{ pod, title: l10n.t("pod {0}", pod) }],
    nothing: (isRead) => {
      const seen = find()
      if (!seen) return l10n.t('The pod of "{0}" is gone, and no copy of its log was kept.', pod)
      if (previous) return l10n.t('No container of "{0}" was started a second time.', pod)
      const why = seen.detail?.waits ?? seen.reason
      const isOpen = seen.phase === "queued" || seen.phase === "running"
      if (isOpen && why) return l10n.t('No output yet of "{0}": {1}.', pod, why)
      if (isOpen) return l10n.t('No output yet of "{0}".', pod)
      return isRead ? l10n.t('"{0}" printed nothing.', pod) : l10n.t("reading the log of {0}", pod)
    },
    dispose: () => {
      jobs.close(place, job)
      Disposable.from(listener, jobs).dispose()
    },
  }
}
