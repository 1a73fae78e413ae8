import { commands, l10n, window } from "vscode"

/** Whoever wants more than editing in a folder that is not trusted is told so. */
export class UntrustedFolder extends Error {
  constructor() {
    super(l10n.t("This folder is not trusted: specs are checked and drawn, and nothing runs."))
  }

  async tell(): Promise<void> {
    const manage = l10n.t("Manage Trust")
    if ((await window.showErrorMessage(this.message, manage)) !== manage) return
    await commands.executeCommand("workbench.trust.manage")
  }
}
