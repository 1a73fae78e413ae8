import {
  commands,
  Disposable,
  languages,
  type Memento,
  Range,
  type TextDocument,
  window,
  workspace,
} from "vscode"
import { detect } from "#core/spec/detect"

/** Where specs are written; the language server is asked about these and no others. */
export const specLanguages = ["yaml", "json", "jsonc"]

/** Enough of a document to tell what it is, however large it is. */
const glanceLines = 2_000

export function isSpec(document: TextDocument): boolean {
  if (!specLanguages.includes(document.languageId)) return false
  const text = document.getText(new Range(0, 0, glanceLines, 0))
  return detect(text, document.fileName) !== undefined
}

const usedKey = "isUsed"

/** Shows our views in this workspace, now and from now on. */
export function activateViews(memory: Memento): void {
  void commands.executeCommand("setContext", "kubeExecutions.active", true)
  void memory.update(usedKey, true)
}

/** So many files are opened to find out whether a folder is one for us. */
const mostGlances = 200

async function hasSpecs(): Promise<boolean> {
  const found = await workspace.findFiles(
    "**/*.{yaml,yml,json}",
    "**/{node_modules,.git,dist,out}/**",
    mostGlances,
  )
  for (const uri of found) {
    // Read by ourselves: a document that is opened starts every extension of its language.
    const bytes = await workspace.fs.readFile(uri).then(
      (all) => all,
      () => undefined,
    )
    if (!bytes || bytes.length > mostGlanceBytes) continue
    if (detect(new TextDecoder().decode(bytes), uri.path) !== undefined) return true
  }
  return false
}

const mostGlanceBytes = 100_000

/** Nothing is written yet: where specs are at home it may become one. */
function isBlank(document: TextDocument): boolean {
  return document.lineCount <= mostBlankLines && document.getText().trim() === ""
}

const mostBlankLines = 100

/**
 * Calls `onSpec` for each document of ours, and for a blank one where specs were seen or we were
 * used, so that it can be begun from a template. Says in `kubeExecutions.spec` if the editor has
 * one.
 */
export function watchSpecs(onSpec: () => void, memory: Memento): Disposable {
  let isKnown = false
  const know = () => {
    if (isKnown) return
    isKnown = true
    void commands.executeCommand("setContext", "kubeExecutions.hasSpecs", true)
    activateViews(memory)
    workspace.textDocuments.forEach(look)
  }
  const look = (document: TextDocument) => {
    if (languages.match(specLanguages, document) === 0) return
    if (isSpec(document)) {
      onSpec()
      know()
    } else if ((isKnown || memory.get(usedKey)) && isBlank(document)) onSpec()
  }
  const tell = () => {
    const document = window.activeTextEditor?.document
    void commands.executeCommand(
      "setContext",
      "kubeExecutions.spec",
      document !== undefined && isSpec(document),
    )
  }
  workspace.textDocuments.forEach(look)
  tell()
  // Whoever used us here before finds us again; a folder that has specs shows us from the start.
  if (memory.get(usedKey)) activateViews(memory)
  void hasSpecs().then((has) => has && know())
  return Disposable.from(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => {
      // A new file becomes a spec while it is written: its first lines decide.
      if (document.lineCount <= glanceLines) look(document)
      if (document === window.activeTextEditor?.document) tell()
    }),
    window.onDidChangeActiveTextEditor(tell),
  )
}
