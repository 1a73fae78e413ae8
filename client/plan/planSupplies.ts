import type { Memento } from "vscode"
import { type InputsParams, type InputsResult, inputsRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"
import type { Places } from "../places.ts"
import { inputsKey } from "../run/inputsForm.ts"
import type { SpecTarget } from "../run/runnable.ts"
import { readTools } from "../run/tools.ts"
import type { PlanSupplies } from "./planDocuments.ts"

interface Parts {
  readonly language: LanguageServer
  readonly places: Places
  readonly memory: Memento
}

/** What a run would be given now, as far as nobody has to be asked. */
export async function planSupplies(
  { language, places, memory }: Parts,
  target: Pick<SpecTarget, "document" | "index" | "workflow">,
): Promise<PlanSupplies> {
  const { current } = places
  const namespace = current?.namespace ?? namespaceOf(places)
  const where = namespace ? { namespace } : {}
  if (target.workflow.dialect !== "gcs") return where
  const { tools } = await readTools(language, target.document.uri)
  const typed = memory.get<Readonly<Record<string, string>>>(inputsKey(target)) ?? {}
  const { document, index } = target
  const params: InputsParams = { uri: document.uri.toString(), index, typed, tools }
  const pictures = await language.request<InputsResult>(inputsRequest, params)
  const given = pictures.filter(
    ({ name, problem }) => Object.hasOwn(typed, name) && problem === undefined,
  )
  return {
    ...where,
    tools,
    inputs: Object.fromEntries(given.map(({ name, value }) => [name, value])),
  }
}

function namespaceOf(places: Places): string | undefined {
  const request = places.request()
  return request.kind === "kube" ? request.namespace : undefined
}
