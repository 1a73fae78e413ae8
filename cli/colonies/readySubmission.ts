import { SpecFile } from "#core/spec/specFile"
import { type Submission, submission } from "#core/spec/submission"
import { problemLine } from "../finding.ts"
import type { Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { readSpecFile } from "../specFiles.ts"
import { count, quote } from "../words.ts"

/** Reads a spec, prints its mistakes and refuses one that cannot run: a bad workflow can wedge a colony. */
export async function readySubmission(
  positionals: readonly string[],
  colony: string,
  io: Io,
): Promise<Submission> {
  const [path, second] = positionals
  if (path === undefined) throw new Refusal('Name a spec: a file, or "-" for standard input.', 2)
  if (second !== undefined) {
    throw new Refusal(`One file at a time: ${quote(second)} is one too many.`, 2)
  }
  const found = await readSpecFile(path, io)
  if (found.kind === "unreadable") throw new Refusal(found.sentence, 2)
  const file = new SpecFile(found.text, found.name)
  const [document, another] = file.documents()
  const isOurs = document?.dialect === "function" || document?.dialect === "colonies-workflow"
  if (document === undefined || !isOurs) {
    throw new Refusal(`${quote(found.name)} holds no function spec and no Colonies workflow.`, 2)
  }
  if (another !== undefined) {
    throw new Refusal(`${quote(found.name)} holds several specs; submit them one by one.`, 2)
  }
  for (const problem of document.problems) {
    if (problem.severity === "error" || problem.severity === "warning") {
      io.stderr.write(problemLine(problem, found.name, file))
    }
  }
  const wrong = document.problems.filter(({ severity }) => severity === "error").length
  if (wrong > 0) {
    throw new Refusal(`${quote(found.name)} has ${count(wrong, "error")}; nothing was submitted.`)
  }
  return submission(document.tree, colony)
}
