import type { Problem } from "../problem.ts"
import { coloniesToExecution } from "./convertColonies.ts"
import { taskNames } from "./convertNames.ts"
import type { FilesMove } from "./filesTasks.ts"
import { expandGcs } from "./gcs/expand.ts"
import type { Tools } from "./gcs/tools.ts"
import type { SpecDocument } from "./parse.ts"
import { toValue } from "./tree.ts"

/** What a spec may need besides its own text. */
export interface Supplies {
  /** Values for the inputs of a genectl workflow. */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** Images by `name:version`, for a genectl workflow. */
  readonly tools?: Tools
  /** The claim that stands in for a colony's files. */
  readonly claim?: string
  /** Brings those files to the claim and back. */
  readonly files?: FilesMove
  readonly name?: string
}

export type ToExecution =
  | { readonly kind: "execution"; readonly object: unknown }
  /** A sentence that says why this document cannot become an Execution. */
  | { readonly kind: "refused"; readonly reason: string }

/** The Execution object a document asks for, whatever its dialect. */
export function toExecution(
  document: SpecDocument,
  path: string,
  supplies: Supplies = {},
): ToExecution {
  const refused = refusal(document.problems)
  if (refused) return refused
  switch (document.dialect) {
    case "execution":
      return { kind: "execution", object: toValue(document.tree) }
    case "gcs": {
      const { execution, problems } = expandGcs(document.tree, {
        tools: supplies.tools ?? new Map(),
        inputs: supplies.inputs ?? {},
        name: supplies.name ?? nameOfFile(path),
      })
      return refusal(problems) ?? { kind: "execution", object: execution }
    }
    case "function":
    case "colonies-workflow": {
      const { execution, problems } = coloniesToExecution(document.tree, supplies)
      return refusal(problems) ?? { kind: "execution", object: execution }
    }
  }
}

/** `specs/wgs.gcs.yaml` is called "wgs". */
export function nameOfFile(path: string): string {
  const stem = path.split(/[\\/]/).at(-1)?.split(".")[0] ?? ""
  return taskNames([stem.startsWith("<") ? "workflow" : stem])[0] ?? "workflow"
}

function refusal(problems: readonly Problem[]): ToExecution | undefined {
  const errors = problems.filter((problem) => problem.severity === "error")
  const [first] = errors
  if (!first) return undefined
  const count = errors.length === 1 ? "an error" : `${errors.length} errors`
  return { kind: "refused", reason: `The spec has ${count}: ${first.message}` }
}
