import { existsSync } from "node:fs"
import { ConfigurationTarget, env, l10n, Range, Uri, window, workspace } from "vscode"
import type { Command, CommandContext } from "./command.ts"

/** Tries again to open the place; a login that was refused is asked for again. */
export const tryAgain: Command = async ({ view }) => {
  view.reopen()
}

/** Opens the kubeconfig, at the line that cannot be read where there is one; it changes no setting. */
export const openKubeconfig: Command = async (context) => {
  const { file = await pickKubeconfig(context), line = 1 } = context.view.fault ?? {}
  if (file === undefined) return
  const range = new Range(line - 1, 0, line - 1, 0)
  await window.showTextDocument(Uri.file(file), { selection: range })
}

/** Sets the kubeconfig for this user, never for others who open the folder. */
export const chooseKubeconfig: Command = () => chooseKubeconfigFile()

/** One of the files that new runs go by. */
async function pickKubeconfig({ runs, places }: CommandContext): Promise<string | undefined> {
  const { kubeconfig } = places.kubeRequest()
  const look = await runs.call("kubeconfig/look", kubeconfig ? { kubeconfig } : {})
  const files = look.files.filter((file) => existsSync(file))
  const [first] = files
  if (first === undefined) throw new Error(look.problem)
  return files.length === 1
    ? first
    : window.showQuickPick(files, { title: l10n.t("Which kubeconfig?") })
}

async function chooseKubeconfigFile(): Promise<void> {
  const picked = await window.showOpenDialog({
    title: l10n.t("Choose a Kubeconfig"),
    openLabel: l10n.t("Use This Kubeconfig"),
  })
  const [file] = picked ?? []
  if (!file) return
  await workspace
    .getConfiguration("kubeExecutions")
    .update("kubeconfig", file.fsPath, ConfigurationTarget.Global)
}

/** What the extension noted: which program said what. */
export const showOutput: Command = async ({ log }) => {
  log.show()
}

/** Copies what an administrator applies so that one may use the namespace. */
export const copyRole: Command = async ({ extension }) => {
  const text = await workspace.fs.readFile(Uri.joinPath(extension, "deploy/rbac.yaml"))
  await env.clipboard.writeText(new TextDecoder().decode(text))
  void window.showInformationMessage(
    l10n.t(
      'Copied. Who administers the cluster applies it and binds "kube-executions-user" to you.',
    ),
  )
}
