import { commands, l10n, window, workspace } from "vscode"

/** Whether a context is one that wants its name typed before anything is created in it. */
export function isProtected(context: string): boolean {
  return matches(context, "contexts.protected")
}

export function isReadOnly(context: string): boolean {
  return matches(context, "contexts.readOnly")
}

/** True when runs of the context may be changed from here; says why not otherwise. */
export async function mayChange(context: string): Promise<boolean> {
  if (!isReadOnly(context)) return true
  const settings = l10n.t("Open Settings")
  const sentence = l10n.t('"{context}" is read-only here (kubeExecutions.contexts.readOnly).', {
    context,
  })
  if ((await window.showErrorMessage(sentence, settings)) === settings) {
    await commands.executeCommand(
      "workbench.action.openSettings",
      "kubeExecutions.contexts.readOnly",
    )
  }
  return false
}

/** True when the context is not protected, or its name was typed. */
export async function mayTouch(context: string, title: string, prompt: string): Promise<boolean> {
  if (!isProtected(context)) return true
  const typed = await window.showInputBox({
    title,
    prompt,
    placeHolder: context,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === context || context.startsWith(text)
        ? undefined
        : l10n.t('The context is called "{context}".', { context }),
  })
  return typed === context
}

function matches(context: string, setting: string): boolean {
  const patterns = workspace.getConfiguration("kubeExecutions").get<readonly string[]>(setting)
  return (patterns ?? []).some((pattern) => matchesPattern(context, pattern))
}

/** `*` stands for anything; capitals do not count. */
function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${parts.join(".*")}$`, "i").test(text)
}
