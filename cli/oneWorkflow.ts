import { parse, type SpecDocument } from "#core/spec/parse"
import type { ExitCode, Io } from "./io.ts"
import { readSpecFile } from "./specFiles.ts"
import { count, quote } from "./words.ts"

export type OneWorkflow =
  | { readonly kind: "workflow"; readonly file: string; readonly document: SpecDocument }
  | { readonly kind: "refused"; readonly code: ExitCode }

/**
 * The one workflow a command is about: the only one of the file, or the one of that name, or the
 * first. What stands in the way is said on stderr.
 */
export async function oneWorkflow(
  positionals: readonly string[],
  name: string | undefined,
  io: Io,
): Promise<OneWorkflow> {
  const [path, second] = positionals
  if (path === undefined) return refuse('Name a file, or "-" for standard input.')
  if (second !== undefined) return refuse(`One file at a time: ${quote(second)} is one too many.`)
  const found = await readSpecFile(path, io)
  if (found.kind === "unreadable") return refuse(found.sentence)
  const documents = parse(found.text, found.name)
  const [first] = documents
  if (!first) return refuse(`${quote(found.name)} holds no workflow.`)
  const named = documents.find(({ workflow }) => workflow.name?.value === name)
  if (name !== undefined && !named) {
    const names = documents.flatMap(({ workflow }) => workflow.name?.value ?? [])
    const there =
      names.length === 0 ? "none in it has one" : `it has ${names.map(quote).join(", ")}`
    return refuse(`${quote(found.name)} holds no workflow with the name ${quote(name)}: ${there}.`)
  }
  if (name === undefined && documents.length > 1) {
    const others = `${count(documents.length, "workflow")}; this is the first`
    io.stderr.write(`${quote(found.name)} holds ${others}. Choose another with --name.\n`)
  }
  return { kind: "workflow", file: found.name, document: named ?? first }

  function refuse(sentence: string): OneWorkflow {
    io.stderr.write(`${sentence}\n`)
    return { kind: "refused", code: 2 }
  }
}
