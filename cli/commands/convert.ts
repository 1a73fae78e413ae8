import { countComments, toJsonText, toYamlText } from "#core/spec/convertText"
import { readExactly } from "#core/spec/exact"
import { SpecFile } from "#core/spec/specFile"
import { command } from "../command.ts"
import { type ExecutionOptions, toExecutions } from "../convertToExecutions.ts"
import { problemLine } from "../finding.ts"
import { readInputFile } from "../inputFile.ts"
import type { ExitCode, Io } from "../io.ts"
import { specOptions } from "../readySpec.ts"
import { type FoundFile, readSpecFile } from "../specFiles.ts"
import { readToolFiles } from "../toolFiles.ts"
import { count, quote } from "../words.ts"

export const convert = command({
  name: "convert",
  summary: "Turn a spec into another form",
  usage: ["FILE|- --to execution|yaml|json [OPTION…]"],
  details: [
    "To execution: a gcs workflow with its inputs and tools filled in, a Colonies function or",
    "workflow as a KubeExecutor would run it; what cannot be taken over is said.",
    "To yaml or json: any spec, its keys in their order.",
  ],
  options: {
    to: {
      kind: "value",
      placeholder: "FORM",
      choices: ["execution", "yaml", "json"],
      help: "execution, yaml, or json",
    },
    ...specOptions,
    name: { kind: "value", placeholder: "NAME", help: "what to call the Execution" },
  },
  run: async ({ positionals, values }, io) => {
    const [path, second] = positionals
    if (values.to === undefined) return refuse("Say into what: --to execution, yaml or json.", io)
    if (path === undefined) return refuse('Name a file, or "-" for standard input.', io)
    if (second !== undefined) {
      return refuse(`One file at a time: ${quote(second)} is one too many.`, io)
    }
    const found = await readSpecFile(path, io)
    if (found.kind === "unreadable") return refuse(found.sentence, io)
    if (values.to !== "execution") return rewrite(found, values.to, io)
    const input = await readInputFile(values.input, io)
    if (input.kind === "refused") return refuse(input.sentence, io)
    const repo = await readToolFiles(values["tool-repo"], path, io)
    if (repo.kind === "refused") return refuse(repo.sentence, io)
    const options: ExecutionOptions = {
      inputs: input.inputs,
      tools: repo.tools,
      ...(values.claim === undefined ? {} : { claim: values.claim }),
      ...(values.name === undefined ? {} : { name: values.name }),
    }
    const file = new SpecFile(found.text, found.name)
    const made = toExecutions(file, found.name, options)
    if (made === undefined) return refuse(`${quote(found.name)} holds no workflow.`, io)
    for (const problem of made.problems) io.stderr.write(problemLine(problem, found.name, file))
    if (made.problems.some(({ severity }) => severity === "error")) return 1
    io.stdout.write(made.yaml)
    return 0
  },
})

/** The same in the other notation. What the notation cannot hold is said, what is broken refused. */
function rewrite(
  { name, text }: FoundFile & { kind: "file" },
  to: "yaml" | "json",
  io: Io,
): ExitCode {
  const documents = readExactly(text).filter(({ tree }) => tree !== undefined)
  const faults = documents.flatMap(({ problems }) => problems)
  const file = new SpecFile(text, name)
  for (const fault of faults) io.stderr.write(problemLine(fault, name, file))
  if (faults.some(({ severity }) => severity === "error")) return 1
  const trees = documents.flatMap(({ tree }) => tree ?? [])
  if (trees.length === 0) return refuse(`${quote(name)} is empty.`, io)
  if (to === "json" && trees.length > 1) {
    io.stderr.write(`JSON holds one document, ${quote(name)} has ${trees.length}.\n`)
    return 1
  }
  const comments = countComments(text)
  if (comments > 0) io.stderr.write(`${count(comments, "comment")} left out.\n`)
  io.stdout.write(
    to === "json" ? trees.map(toJsonText).join("") : trees.map(toYamlText).join("---\n"),
  )
  return 0
}

function refuse(sentence: string, io: Io): ExitCode {
  io.stderr.write(`${sentence}\n`)
  return 2
}
