import { l10n, window } from "vscode"
import type { PlainJobView } from "#core/view/plainJob"
import type { Look, SequenceSubject } from "#media/sequence/protocol"
import type { RunStore } from "../runs/runStore.ts"
import type { Command, CommandContext } from "./command.ts"
import { rowsOf } from "./rows.ts"

/** Shows the pods of a run, Job or CronJob over time: of a tree row, or of what is picked. */
export const showSequence = showAs("sequence")
export const showTable = showAs("table")
export const showGrid = showAs("grid")

function showAs(look: Look): Command {
  return async (context, target) => {
    const subject = subjectOf(target) ?? (await pick(context))
    if (subject === undefined) return
    context.sequences.show({ ...subject, look })
    context.sequences.tell(subject, { kind: "look", look })
  }
}

function subjectOf(target: unknown): SequenceSubject | undefined {
  const [row] = rowsOf(target)
  if (row) return { kind: "run", place: row.place, run: row.run }
  if (typeof target !== "object" || target === null || !("job" in target)) return undefined
  const { place, job } = target as { readonly place: string; readonly job: PlainJobView }
  return { kind: "job", place, of: job.kind, name: job.name }
}

async function pick({ runs, places }: CommandContext): Promise<SequenceSubject | undefined> {
  if (runs.places.length === 0) await places.open()
  if (choices(runs).length === 0) await firstJobs(runs)
  const items = choices(runs)
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t("No run yet. Open a spec and choose Run."))
    return undefined
  }
  const picked = await window.showQuickPick(items, { title: l10n.t("Show the pods of") })
  return picked?.subject
}

function choices({ places }: RunStore) {
  return places.flatMap(({ place, runs, plain }) => [
    ...runs.map((run) => ({
      label: run.name,
      description: run.message,
      subject: { kind: "run", place: place.id, run: run.name } as const,
    })),
    ...plain.map(({ kind, name, detail }) => ({
      label: name,
      description: `${kind} ${detail}`,
      subject: { kind: "job", place: place.id, of: kind, name } as const,
    })),
  ])
}

/** A place that was just opened has its runs; Jobs that are none of ours are told a little later. */
function firstJobs(runs: RunStore): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      listener.dispose()
      resolve()
    }
    const timer = setTimeout(done, jobsMs)
    const listener = runs.onDidChangePlace(({ plain }) => {
      if (plain) done()
    })
  })
}

const jobsMs = 5_000
