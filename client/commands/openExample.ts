import { l10n, Uri, window, workspace } from "vscode"
import { exampleTitles, isExample } from "../examples.ts"
import { activateViews } from "../specs.ts"
import type { Command } from "./command.ts"

/** Opens a copy of an example, to be changed and run as it is. */
export const openExample: Command = async ({ extension, memory }, target) => {
  const name = isExample(target) ? target : await pick()
  if (name === undefined) return
  activateViews(memory)
  const bytes = await workspace.fs.readFile(Uri.joinPath(extension, "media/examples", name))
  const content = new TextDecoder().decode(bytes)
  const language = name.endsWith(".json") ? "json" : "yaml"
  await window.showTextDocument(await workspace.openTextDocument({ language, content }))
}

async function pick(): Promise<string | undefined> {
  const items = Object.entries(exampleTitles()).map(([name, { title, detail }]) => {
    return { label: title, detail, name }
  })
  return (await window.showQuickPick(items, { title: l10n.t("Open an Example") }))?.name
}
