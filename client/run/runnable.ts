import { basename } from "node:path"
import { l10n, Selection, type TextDocument, Uri, window, workspace } from "vscode"
import type { RunSource } from "#core/view/statusTree"
import type { SpecSource } from "#engine/protocol"
import type { WorkflowPicture } from "#server/protocol"
import type { CommandContext } from "../commands/command.ts"
import { workflowAt } from "../specPictures.ts"
import { isSpec } from "../specs.ts"

/** One workflow of a file that somebody means. */
export interface SpecTarget {
  readonly document: TextDocument
  readonly index: number
  readonly workflow: WorkflowPicture
}

/** A workflow that can run: without errors, and with the text that is meant. */
export interface Runnable extends SpecTarget {
  readonly text: string
  readonly source: RunSource
}

/** The workflow that the arguments of a command name, else the one at the cursor. */
export async function specTarget(
  { pictures }: CommandContext,
  target: unknown,
  index: unknown,
): Promise<SpecTarget | undefined> {
  const uri = uriOf(target) ?? window.activeTextEditor?.document.uri
  if (!uri) {
    void window.showInformationMessage(l10n.t("Open a spec to run it."))
    return undefined
  }
  const document = await workspace.openTextDocument(uri)
  const picture = isSpec(document) ? await pictures.of(document) : undefined
  if (!picture || picture.workflows.length === 0) {
    const sentence = l10n.t(
      '"{file}" holds no workflow: neither an Execution, a genectl workflow nor a Colonies spec.',
      { file: workspace.asRelativePath(uri) },
    )
    void window.showErrorMessage(sentence)
    return undefined
  }
  const editor = window.activeTextEditor
  const line = editor?.document === document ? editor.selection.active.line : 0
  const chosen = typeof index === "number" ? index : workflowAt(picture, line)
  const workflow = picture.workflows[chosen]
  return workflow && { document, index: chosen, workflow }
}

/** Settles unsaved changes and errors with the person; undefined when it is not to run. */
export async function runnable(
  context: CommandContext,
  target: unknown,
  index: unknown,
): Promise<Runnable | undefined> {
  const named = await specTarget(context, target, index)
  if (!named) return undefined
  const { document } = named
  const { errors } = named.workflow
  const file = basename(document.fileName)
  if (errors > 0) {
    const go = l10n.t("Go to First Error")
    const sentence =
      errors === 1
        ? l10n.t('"{file}" has 1 error.', { file })
        : l10n.t('"{file}" has {errors} errors.', { file, errors })
    if ((await window.showErrorMessage(sentence, go)) === go) await goToFirstError(named)
    return undefined
  }
  const text = await textToRun(document)
  if (text === undefined) return undefined
  return { ...named, text, source: sourceOf(named) }
}

export async function goToFirstError({ document, workflow }: SpecTarget): Promise<void> {
  const editor = await window.showTextDocument(document)
  const { firstError } = workflow
  if (!firstError) return
  const position = document.validatePosition(
    editor.selection.active.with(firstError.line, firstError.character),
  )
  editor.selection = new Selection(position, position)
  editor.revealRange(editor.selection)
}

/** How a run remembers the file it was made from: with its folder's name where several are open. */
export function fileOf(uri: Uri): string {
  return workspace.asRelativePath(uri)
}

/** What runs may remember the file as, from this window or from one with other folders beside it. */
export function namesOf(uri: Uri): ReadonlySet<string> {
  const folder = workspace.getWorkspaceFolder(uri)
  const inFolder = workspace.asRelativePath(uri, false)
  return new Set([fileOf(uri), ...(folder ? [inFolder, `${folder.name}/${inFolder}`] : [])])
}

export function specSource(
  { document, index, text }: Pick<Runnable, "document" | "index" | "text">,
  supplies: Pick<SpecSource, "inputs" | "tools" | "claim" | "files">,
): SpecSource {
  return { path: document.uri.fsPath, text, document: index, ...supplies }
}

export function uriOf(target: unknown): Uri | undefined {
  if (target instanceof Uri) return target
  if (typeof target === "string") return Uri.parse(target)
  return undefined
}

async function textToRun(document: TextDocument): Promise<string | undefined> {
  if (!document.isDirty || document.isUntitled) return document.getText()
  // Just saved, or changed back: nothing is unsaved though it is not known here yet.
  const onDisk = new TextDecoder().decode(await workspace.fs.readFile(document.uri))
  if (onDisk === document.getText()) return onDisk
  const settings = workspace.getConfiguration("kubeExecutions", document)
  const save = l10n.t("Save and Run")
  const saved = l10n.t("Run What Is Saved")
  const sentence = l10n.t('"{file}" has unsaved changes. Run what?', {
    file: basename(document.fileName),
  })
  const answer = settings.get<boolean>("run.saveBefore")
    ? save
    : await window.showWarningMessage(sentence, save, saved)
  if (answer === save && (await document.save())) return document.getText()
  return answer === saved ? onDisk : undefined
}

/** With each task's hash a later look can tell which of them changed since. */
function sourceOf({ document, index, workflow }: SpecTarget): RunSource {
  const { hash, tasks } = workflow
  const hashes = tasks.length <= mostTasks && {
    tasks: Object.fromEntries(tasks.map((task) => [task.name, task.hash])),
  }
  return { file: fileOf(document.uri), document: index, hash, ...(hashes || {}) }
}

/** More would be a burden to every object that carries them. */
const mostTasks = 1000
