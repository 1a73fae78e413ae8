import type { Problem } from "#core/problem"
import { coloniesToExecution } from "#core/spec/convertColonies"
import { toYamlText, writeYaml } from "#core/spec/convertText"
import type { FilesMove } from "#core/spec/filesTasks"
import { expandGcs } from "#core/spec/gcs/expand"
import type { Tools } from "#core/spec/gcs/tools"
import type { SpecDocument } from "#core/spec/parse"
import type { SpecFile } from "#core/spec/specFile"
import { nameOfFile } from "#core/spec/toExecution"

export interface ExecutionOptions {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly tools: Tools
  readonly claim?: string
  /** Brings files to that claim and back. */
  readonly files?: FilesMove
  readonly name?: string
}

interface Executions {
  /** One document for each workflow of the file; nothing to rely on when there is an error. */
  readonly yaml: string
  readonly problems: readonly Problem[]
}

/** Every workflow of a file as an Execution; undefined when it holds none. */
export function toExecutions(
  file: SpecFile,
  name: string,
  options: ExecutionOptions,
): Executions | undefined {
  const documents = file.documents()
  if (documents.length === 0) return undefined
  const made = documents.map((document) => {
    const errors = document.problems.filter(({ severity }) => severity === "error")
    // What is wrong in the text is told once, not again by what a conversion makes of it.
    return errors.length > 0
      ? { written: "", problems: errors }
      : convertOne(document, name, options)
  })
  return {
    yaml: made.map(({ written }) => written).join("---\n"),
    problems: made.flatMap(({ problems }) => problems),
  }
}

/** Expects a text without errors. */
export function convertOne(
  { dialect, tree }: SpecDocument,
  file: string,
  options: ExecutionOptions,
): { readonly written: string; readonly problems: readonly Problem[] } {
  switch (dialect) {
    case "execution":
      return { written: toYamlText(tree), problems: [] }
    case "gcs": {
      const name = options.name ?? nameOfFile(file)
      const { execution, problems } = expandGcs(tree, { ...options, name })
      return { written: writeYaml(execution), problems }
    }
    case "function":
    case "colonies-workflow": {
      const { execution, problems } = coloniesToExecution(tree, options)
      return { written: writeYaml(execution), problems }
    }
  }
}
