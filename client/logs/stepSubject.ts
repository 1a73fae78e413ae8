import { Disposable, l10n } from "vscode"
import type { StepView } from "#core/view/statusTree"
import type { RunStore } from "../runs/runStore.ts"
import type { StepAddress } from "./logAddress.ts"
import type { LogSubject } from "./logSubject.ts"

/** A step: the pods of all its attempts. */
export function stepSubject(
  address: StepAddress,
  runs: RunStore,
  onChange: () => void,
): LogSubject {
  const { place, run, step: id, previous } = address
  const opened = runs.openRun(place, run)
  const listener = runs.onDidChangeRun((change) => {
    if (change.place !== place || change.run !== run) return
    if (change.isWhole || change.steps.some((one) => one.steps.some((step) => step.id === id))) {
      onChange()
    }
  })
  const find = () => findStep(runs, address)
  return {
    name: id,
    fileName: `${run}-${id}.log`,
    whose: { run },
    options: { step: id },
    known: opened.opened,
    keptRun: () => ({ place, run, createdAt: runs.run(place, run)?.createdAt ?? null }),
    pods: () =>
      (find()?.attempts ?? []).flatMap(({ attempt, tries }) =>
        tries.map(({ pod }, index) => ({
          pod,
          title: l10n.t("attempt {0}, try {1}, pod {2}", attempt, index + 1, pod),
        })),
      ),
    nothing: (isRead) => {
      const step = find()
      if (!step) return l10n.t('The run "{0}" is gone, and no copy of this log was kept.', run)
      if (previous) return l10n.t('No container of "{0}" was started a second time.', id)
      return nothingOf(step, isRead)
    },
    dispose: () => Disposable.from(listener, opened).dispose(),
  }
}

function nothingOf({ id, phase, reason, attempts, finishedAt }: StepView, isRead: boolean): string {
  const why = reason?.sentence
  const hasPod = attempts.some(({ tries }) => tries.length > 0)
  if (finishedAt === null && (!isRead || !hasPod)) {
    return why === undefined
      ? l10n.t('No output yet of "{0}".', id)
      : l10n.t('No output yet of "{0}": {1}.', id, why)
  }
  if (phase === "reused" || phase === "skipped") {
    return l10n.t('"{0}" did not run here: {1}.', id, why ?? phase)
  }
  if (!hasPod) return l10n.t('The pod of "{0}" is gone, and no copy of its log was kept.', id)
  return isRead ? l10n.t('"{0}" printed nothing.', id) : l10n.t("reading the log of {0}", id)
}

function findStep(runs: RunStore, { place, run, step }: StepAddress): StepView | undefined {
  for (const task of runs.run(place, run)?.tasks ?? []) {
    const found = task.steps?.find(({ id }) => id === step)
    if (found) return found
  }
  return undefined
}
