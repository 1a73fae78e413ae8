import { ConfigurationTarget, env, l10n, Range, Uri, window, workspace } from "vscode"
import type { Command } from "./command.ts"

/** Tries again to open the place; a login that was refused is asked for again. */
export const tryAgain: Command = async ({ view }) => {
  view.reopen()
}

/** Opens the kubeconfig at the line that cannot be read. */
export const openKubeconfig: Command = async ({ view, places }) => {
  const { file = places.kubeRequest().kubeconfig, line = 1 } = view.fault ?? {}
  if (file === undefined) return chooseKubeconfigFile()
  const range = new Range(line - 1, 0, line - 1, 0)
  await window.showTextDocument(Uri.file(file), { selection: range })
}

/** Sets the kubeconfig for this user, never for others who open the folder. */
export const chooseKubeconfig: Command = () => chooseKubeconfigFile()

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
