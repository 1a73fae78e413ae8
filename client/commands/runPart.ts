import { l10n, Uri, window, workspace } from "vscode"
import type { RunOptions } from "#engine/protocol"
import { openPlaceToRun } from "../places/openPlaceToRun.ts"
import { placeName } from "../places/placeName.ts"
import { prepare, supplies } from "../run/prepare.ts"
import { fileOf, runnable, specTarget, uriOf } from "../run/runnable.ts"
import { startRun } from "../run/start.ts"
import { taskAt } from "../specPictures.ts"
import type { Command, CommandContext } from "./command.ts"
import { knownRun, rowsOf } from "./rows.ts"

/** Runs only the task at the cursor and what it waits for. */
export const runUpTo: Command = async (context, target, index, task) => {
  const part = await partOf(context, target, index, task)
  if (part) await runPart(context, part, { until: [part.task] })
}

/** Runs the task at the cursor and what follows it again; what succeeded before it is reused. */
export const runFrom: Command = async (context, target, index, task) => {
  const part = await partOf(context, target, index, task)
  if (!part) return
  const place = await openPlaceToRun(context)
  if (!place) return
  const uri = part.uri
  const earlier =
    part.earlier ??
    context.chosen.runsOf(uri, part.index).find((one) => one.place === place.place.id)?.run
  if (earlier === undefined) {
    const all = l10n.t("Run All of It")
    const sentence = l10n.t(
      'No earlier run of "{file}" is in "{place}", so there is nothing to reuse.',
      { file: fileOf(uri), place: placeName(place.place) },
    )
    if ((await window.showInformationMessage(sentence, all)) === all)
      await runPart(context, part, {})
    return
  }
  await runPart(context, part, { resumeFrom: { name: earlier, rerun: [part.task] } })
}

interface Part {
  readonly uri: Uri
  readonly index: number
  readonly task: string
  /** The run that was pointed at. */
  readonly earlier: string | undefined
}

async function runPart(
  context: CommandContext,
  { uri, index }: Part,
  wishes: Pick<RunOptions, "until" | "resumeFrom">,
): Promise<void> {
  const spec = await runnable(context, uri, index)
  if (!spec) return
  const place = await openPlaceToRun(context)
  if (!place) return
  const given = await supplies(context, spec, place)
  if (given) await startRun(context, await prepare(context, spec, place, given, wishes))
}

/** The task that a lens or fix names, that a row of a tree stands for, or that the cursor is in. */
async function partOf(
  context: CommandContext,
  target: unknown,
  index: unknown,
  task: unknown,
): Promise<Part | undefined> {
  const [row] = rowsOf(target)
  if (row?.task !== undefined) {
    const source = knownRun(context, row)?.source
    const uri = source && (await fileInWorkspace(source.file))
    if (source && uri) {
      return { uri, index: source.document, task: row.task, earlier: row.run }
    }
    void window.showErrorMessage(
      l10n.t('The file that "{run}" was made from is not in this workspace.', { run: row.run }),
    )
    return undefined
  }
  const named = await specTarget(context, uriOf(target), index)
  if (!named) return undefined
  const { document } = named
  const uri = document.uri
  if (typeof task === "string") return { uri, index: named.index, task, earlier: undefined }
  const editor = window.activeTextEditor
  const line = editor?.document === document ? editor.selection.active.line : -1
  const at = taskAt(named.workflow, line)
  const name =
    at?.name ??
    (await window.showQuickPick(
      named.workflow.tasks.map((one) => one.name),
      { title: l10n.t("Which task?") },
    ))
  return name === undefined
    ? undefined
    : { uri, index: named.index, task: name, earlier: undefined }
}

/** The file of a run's source in one of the folders that are open. */
export async function fileInWorkspace(file: string): Promise<Uri | undefined> {
  const isAbsolute = file.startsWith("/") || /^[a-zA-Z]:[\\/]/.test(file)
  const folders = workspace.workspaceFolders ?? []
  // A window with several folders writes the folder's name first.
  const [first, ...rest] = file.split("/")
  const named = folders.filter(({ name }) => name === first)
  const places = isAbsolute
    ? [Uri.file(file)]
    : [
        ...named.map(({ uri }) => Uri.joinPath(uri, ...rest)),
        ...folders.map(({ uri }) => Uri.joinPath(uri, file)),
      ]
  for (const uri of places) {
    try {
      await workspace.fs.stat(uri)
      return uri
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}
