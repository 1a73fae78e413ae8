import { userInfo } from "node:os"
import { join } from "node:path"
import { env, l10n, ProgressLocation, Uri, window } from "vscode"
import type { PlaceInfo } from "#engine/protocol"
import { mayChange } from "../places/guard.ts"
import { saveLogs } from "../run/saveLogs.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { Command, CommandContext } from "./command.ts"
import { placeOf, type Row, rowsOrPick, runsOf } from "./rows.ts"

/** Ends runs and their running steps, after what those printed was kept. */
export const stop: Command = async (context, node, nodes) => {
  const rows = runsOf(await rowsOrPick(context, l10n.t("Stop a run"), isUnfinished, node, nodes))
  if (rows.length === 0 || !(await mayChangeAll(context, rows))) return
  const running = await Promise.all(rows.map((row) => runningSteps(context.runs, row)))
  const steps = running.flat().length
  const [first] = rows
  const message =
    rows.length === 1 && first
      ? l10n.t('Stop "{run}"?', { run: first.run })
      : l10n.t("Stop {count} runs?", { count: rows.length })
  const detail =
    steps === 1
      ? l10n.t("1 running step ends now; its log is kept.")
      : l10n.t("{steps} running steps end now; their logs are kept.", { steps })
  const button =
    rows.length === 1 ? l10n.t("Stop Run") : l10n.t("Stop {n} Runs", { n: rows.length })
  const answer = await window.showWarningMessage(message, { modal: true, detail }, button)
  if (answer !== button) return
  const folders: string[] = []
  const title = l10n.t("Keeping what running steps printed")
  await window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    for (const [index, row] of rows.entries()) {
      const mine = running[index] ?? []
      if (mine.length > 0) {
        const folder = join(context.storage.fsPath, "stopped", row.run, timeName(new Date()))
        await saveLogs(context.runs, row, mine, folder)
        folders.push(folder)
      }
      await wish(context, row, "stop")
    }
  })
  const [folder] = folders
  if (folder === undefined) return
  const open = l10n.t("Open the Logs")
  const kept =
    steps === 1
      ? l10n.t("The log of 1 step is kept.")
      : l10n.t("The logs of {steps} steps are kept.", { steps })
  if ((await window.showInformationMessage(kept, open)) === open) {
    await env.openExternal(Uri.file(folder))
  }
}

/** Starts nothing new; running steps finish. */
export const suspend: Command = (context, node, nodes) =>
  wishAll(context, "suspend", l10n.t("Suspend a run"), node, nodes)

export const resume: Command = (context, node, nodes) =>
  wishAll(context, "resume", l10n.t("Resume a run"), node, nodes)

/** The same spec again, for what failed or was skipped and what follows; for faults of the world. */
export const retry: Command = async (context, node, nodes) => {
  const rows = await rowsOrPick(
    context,
    l10n.t("Retry a run"),
    ({ phase }) => phase === "failed" || phase === "stopped",
    node,
    nodes,
  )
  if (!(await mayChangeAll(context, rows))) return
  for (const row of runsOf(rows)) {
    const mine = rows.filter((one) => one.place === row.place && one.run === row.run)
    const isWhole = mine.some(({ task, step }) => task === undefined && step === undefined)
    const steps = isWhole ? [] : await failedSteps(context.runs, row, mine)
    await wish(context, row, "retry", steps)
  }
}

/** Deletes runs with everything of theirs where they ran. */
export const deleteRuns: Command = async (context, node, nodes) => {
  const rows = runsOf(await rowsOrPick(context, l10n.t("Delete a run"), () => true, node, nodes))
  if (rows.length === 0 || !(await mayChangeAll(context, rows))) return
  const views = await Promise.all(rows.map((row) => whole(context.runs, row)))
  const jobs = views
    .flatMap((view) => view?.tasks ?? [])
    .flatMap(({ steps }) => steps ?? [])
    .reduce((sum, { attempts }) => sum + attempts.length, 0)
  const [first] = rows
  const message =
    rows.length === 1 && first
      ? l10n.t('Delete "{run}"?', { run: first.run })
      : l10n.t("Delete {count} runs?", { count: rows.length })
  const detail = whatGoes(
    jobs,
    rows.flatMap((row) => placeOf(context, row) ?? []),
  )
  const button =
    rows.length === 1 ? l10n.t("Delete Run") : l10n.t("Delete {n} Runs", { n: rows.length })
  const named = rows.length > 1 ? `${rows.map(({ run }) => `"${run}"`).join(", ")}\n\n` : ""
  const modal = { modal: true, detail: `${named}${detail}` }
  if ((await window.showWarningMessage(message, modal, button)) !== button) return
  for (const { place, run } of rows) await context.runs.call("run/delete", { place, run })
}

/** What is deleted with runs in these places, and what stays. */
function whatGoes(jobs: number, places: readonly PlaceInfo[]): string {
  const kept = places.find((place) => place.kept !== undefined)?.kept
  const kinds = new Set(places.map(({ kind }) => kind))
  const [kind] = kinds
  if (kinds.size === 1 && kind === "kube") {
    return jobs === 1
      ? l10n.t("With 1 Job, its pods and logs in the cluster. Kept log copies stay.")
      : l10n.t("With {jobs} Jobs, their pods and logs in the cluster. Kept log copies stay.", {
          jobs,
        })
  }
  if (kinds.size === 1 && kind === "colonies") {
    return l10n.t("With their processes and logs on the server. Kept log copies stay.")
  }
  const first =
    kinds.size === 1 && kind === "local"
      ? l10n.t("With their Jobs and logs on this machine. Kept log copies stay.")
      : l10n.t("With their Jobs and logs. Kept log copies stay.")
  if (kept === undefined) return first
  return `${first} ${l10n.t('What steps wrote to claims here stays, in "{folder}".', { folder: kept })}`
}

async function wishAll(
  context: CommandContext,
  kind: "suspend" | "resume",
  title: string,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const fits = ({ phase }: { readonly phase: string }) =>
    kind === "resume" ? phase === "suspended" : phase === "running" || phase === "waiting"
  const rows = runsOf(await rowsOrPick(context, title, fits, node, nodes))
  if (!(await mayChangeAll(context, rows))) return
  for (const row of rows) await wish(context, row, kind)
}

async function wish(
  { runs, log }: CommandContext,
  { place, run }: Row,
  kind: "stop" | "suspend" | "resume" | "retry",
  steps: readonly string[] = [],
): Promise<void> {
  log.info(`asked to ${kind} "${run}"`)
  const by = userInfo().username
  await runs.call("run/wish", {
    place,
    run,
    wish: kind,
    by,
    ...(steps.length > 0 ? { steps } : {}),
  })
}

async function mayChangeAll(context: CommandContext, rows: readonly Row[]): Promise<boolean> {
  for (const name of new Set(rows.flatMap((row) => placeOf(context, row)?.context ?? []))) {
    if (!(await mayChange(name))) return false
  }
  return true
}

/** All of a run, also of one that nobody looks at. */
async function whole(runs: RunStore, { place, run }: Row) {
  const opened = runs.openRun(place, run)
  try {
    await opened.opened
    return runs.run(place, run)
  } finally {
    opened.dispose()
  }
}

async function runningSteps(runs: RunStore, row: Row): Promise<readonly string[]> {
  const view = await whole(runs, row)
  return (view?.tasks ?? [])
    .flatMap(({ steps }) => steps ?? [])
    .filter(({ phase }) => phase === "running")
    .map(({ id }) => id)
}

/** Of the tasks and steps that were meant, those that did not succeed. */
async function failedSteps(
  runs: RunStore,
  row: Row,
  meant: readonly Row[],
): Promise<readonly string[]> {
  const view = await whole(runs, row)
  const tasks = new Set(meant.filter(({ step }) => step === undefined).map(({ task }) => task))
  const steps = new Set(meant.map(({ step }) => step))
  return (view?.tasks ?? []).flatMap((task) =>
    (task.steps ?? [])
      .filter(({ id }) => tasks.has(task.name) || steps.has(id))
      .filter(({ phase }) => phase === "failed" || phase === "stopped" || phase === "skipped")
      .map(({ id }) => id),
  )
}

function isUnfinished({ finishedAt }: { readonly finishedAt: string | null }): boolean {
  return finishedAt === null
}

function timeName(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "")
}
