import { type Disposable, Uri, workspace } from "vscode"
import { definitionRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"

const scheme = "kube-executions-definition"

/** The definition of Executions as it would be installed: there is nothing to save about it. */
export const definitionUri = Uri.from({ scheme, path: "/executions.execution.kubegene.io.yaml" })

export function offerDefinitionDocument(language: LanguageServer): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => language.request<string>(definitionRequest, {}),
  })
}
