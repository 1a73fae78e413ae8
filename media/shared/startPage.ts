import type { PanelKind } from "../protocol.ts"
import { connectHost, type Host, readPageData } from "./host.ts"
import { useWords } from "./words.ts"
import "@vscode/codicons/dist/codicon.css"
import "./base.css"

/** The one door of a page: everything it shows is made in `show`, after its words are known. */
export function startPage<K extends PanelKind>(show: (host: Host<K>) => void): void {
  const data = readPageData()
  useWords(data.words)
  show(connectHost<K>(data))
}
