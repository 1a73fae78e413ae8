import { resolve } from "node:path"
import { reasonsText } from "#core/plan/checkExecution"
import { type ExecutionObject, readExecution } from "#core/plan/execution"
import { isObject, type JsonObject, objectOf, textOf } from "#core/plan/json"
import { filesObject } from "#core/plan/names"
import { stockImage } from "#core/plan/stockImage"
import type { Problem } from "#core/problem"
import type { SpecDocument } from "#core/spec/parse"
import { SpecFile } from "#core/spec/specFile"
import { toExecution } from "#core/spec/toExecution"
import type { FilesSource, RunOptions, SpecSource } from "#engine/protocol"
import { convertOne, type ExecutionOptions } from "./convertToExecutions.ts"
import { problemLine } from "./finding.ts"
import { readInputFile } from "./inputFile.ts"
import type { Io } from "./io.ts"
import { coloniesProfile } from "./placeOptions.ts"
import { Refusal } from "./refusal.ts"
import { readSpecFile } from "./specFiles.ts"
import { readToolFiles } from "./toolFiles.ts"
import { count, quote, visible } from "./words.ts"

/** The options of every command that makes Jobs of a spec. */
export const specOptions = {
  input: {
    kind: "value",
    placeholder: "params.json",
    help: "values for the inputs of a gcs workflow",
  },
  "tool-repo": {
    kind: "value",
    placeholder: "DIR",
    help: 'tool files of a gcs workflow (default: folders "tools" beside it and above it, ~/kubegene/tools)',
  },
  claim: {
    kind: "value",
    placeholder: "PVC",
    help: "claim that holds the files of a Colonies function",
  },
  files: {
    kind: "value",
    placeholder: "FROM",
    help: "bring the files to the claim first: colony, or a folder that stands for Colonies FS",
  },
  "colony-env": {
    kind: "value",
    placeholder: "FILE",
    help: 'with --files colony or --place colonies: a file of export K="V" lines (default: COLONIES_* and AWS_S3_* as they are set)',
  },
  "skip-verify": {
    kind: "flag",
    help: "with --files colony or --place colonies: accept any certificate of the server",
  },
  insecure: {
    kind: "flag",
    help: "with --files colony or --place colonies: plain HTTP instead of TLS",
  },
  name: { kind: "value", placeholder: "NAME", help: "name of the run (default: the spec's)" },
} as const

interface SpecValues {
  readonly input?: string
  readonly "tool-repo"?: string
  readonly claim?: string
  readonly files?: string
  readonly "colony-env"?: string
  readonly "skip-verify"?: true
  readonly insecure?: true
  readonly name?: string
}

/** A spec without mistakes, as it is sent to the engine and as the Execution that it becomes. */
export interface ReadySpec {
  readonly file: string
  readonly source: SpecSource
  /** The name that the spec itself gives its run. */
  readonly ownName: string
  /** The namespace that the spec asks for. */
  readonly namespace: string | undefined
  /** What is planned when the run begins with these options. */
  readonly execution: (options: Omit<RunOptions, "name">, namespace?: string) => ExecutionObject
}

/** Reads the spec and all it needs, and prints its mistakes; refuses one that cannot run. */
export async function readySpec(
  positionals: readonly string[],
  values: SpecValues,
  io: Io,
): Promise<ReadySpec> {
  const [path, second] = positionals
  if (path === undefined) throw new Refusal('Name a spec: a file, or "-" for standard input.', 2)
  if (second !== undefined) {
    throw new Refusal(`One file at a time: ${quote(second)} is one too many.`, 2)
  }
  const found = await readSpecFile(path, io)
  if (found.kind === "unreadable") throw new Refusal(found.sentence, 2)
  const input = await readInputFile(values.input, io)
  if (input.kind === "refused") throw new Refusal(input.sentence, 2)
  const repo = await readToolFiles(values["tool-repo"], path, io)
  if (repo.kind === "refused") throw new Refusal(repo.sentence, 2)
  const { claim } = values
  const files = filesSource(values, io)
  const supplies: ExecutionOptions = {
    inputs: input.inputs,
    tools: repo.tools,
    ...(claim === undefined ? {} : { claim }),
  }
  const file = new SpecFile(found.text, found.name)
  const [document, position] = choose(file.documents(), values.name, found.name, io)
  tellProblems(document, file, found.name, { ...supplies, ...moveOf(files, undefined) }, io)
  // The same conversion that the engine makes when the run starts.
  const convert = (name: string | undefined) => {
    const made = toExecution(document, found.name, { ...supplies, ...moveOf(files, name) })
    if (made.kind === "refused") throw new Refusal(visible(made.reason))
    return objectOf(made.object)
  }
  const ownName = textOf(objectOf(convert(values.name).metadata).name) ?? ""
  const object = convert(values.name ?? ownName)
  const metadata = objectOf(object.metadata)
  return {
    file: found.name,
    source: {
      path: found.name.startsWith("<") ? found.name : resolve(found.name),
      text: found.text,
      document: position,
      inputs: input.inputs,
      tools: Object.fromEntries(repo.tools),
      ...(claim === undefined ? {} : { claim }),
      ...(files === undefined ? {} : { files }),
    },
    ownName,
    namespace: textOf(metadata.namespace),
    execution: (options, namespace) =>
      parsed(withOptions(object, values.name ?? ownName, options, namespace)),
  }
}

/** What there is to bring is looked at when the run begins. */
function moveOf(
  files: FilesSource | undefined,
  run: string | undefined,
): Pick<ExecutionOptions, "files"> {
  if (files === undefined) return {}
  const objects = filesObject(run ?? "run")
  return { files: { from: files.kind, snapshot: "", objects, image: stockImage } }
}

function filesSource(values: SpecValues, io: Io): FilesSource | undefined {
  const { files, claim } = values
  const ofColony = (["colony-env", "skip-verify", "insecure"] as const).find(
    (option) => values[option] !== undefined,
  )
  if (ofColony !== undefined && files !== "colony") {
    throw new Refusal(`--${ofColony} is about the colony files come from: add --files colony.`, 2)
  }
  if (files === undefined) return undefined
  if (claim === undefined) {
    throw new Refusal(
      "--files brings files to a claim that all steps see: name it, --claim PVC.",
      2,
    )
  }
  if (files !== "colony") return { kind: "folder", path: resolve(files) }
  return { kind: "colony", profile: coloniesProfile(values, io) }
}

/** The only workflow of the file, the one that is called so, or the first. */
function choose(
  documents: readonly SpecDocument[],
  name: string | undefined,
  file: string,
  io: Io,
): [SpecDocument, number] {
  const [first] = documents
  if (!first) throw new Refusal(`${quote(file)} holds no workflow.`, 2)
  const position = documents.findIndex(({ workflow }) => workflow.name?.value === name)
  const named = name === undefined ? undefined : documents[position]
  if (named) return [named, position]
  if (documents.length > 1) {
    io.stderr.write(
      `${quote(file)} holds ${documents.length} workflows; this is the first. Choose another with --name.\n`,
    )
  }
  return [first, 0]
}

/** Prints what is wrong with the spec, each at its place; refuses it when it cannot run. */
function tellProblems(
  document: SpecDocument,
  file: SpecFile,
  name: string,
  supplies: ExecutionOptions,
  io: Io,
): void {
  const own = document.problems
  const errors = own.filter(isError)
  // What is wrong in the text is told once, not again by what a conversion makes of it.
  const told = errors.length > 0 ? errors : convertOne(document, name, supplies).problems
  for (const problem of told) io.stderr.write(problemLine(problem, name, file))
  const wrong = told.filter(isError).length
  if (wrong > 0) throw new Refusal(`${quote(name)} has ${count(wrong, "error")}.`)
  const warnings = own.filter(({ severity }) => severity === "warning").length
  if (warnings > 0) {
    const command = `${io.program} lint ${name.startsWith("<") ? "-" : name}`
    io.stderr.write(`${quote(name)} has ${count(warnings, "warning")}: ${visible(command)}\n`)
  }
}

function isError({ severity }: Problem): boolean {
  return severity === "error"
}

/** The same changes that the engine makes when a run starts. */
function withOptions(
  object: JsonObject,
  name: string,
  { resumeFrom, until }: Omit<RunOptions, "name">,
  namespace: string | undefined,
): unknown {
  const metadata = objectOf(object.metadata)
  return {
    ...object,
    metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      ...(isObject(object.spec) ? object.spec : {}),
      ...(resumeFrom
        ? { resumeFrom: { name: resumeFrom.name, rerun: resumeFrom.rerun ?? [] } }
        : {}),
      ...(until ? { until } : {}),
    },
  }
}

function parsed(object: unknown): ExecutionObject {
  const read = readExecution(object)
  if (read.kind === "execution") return read.execution
  throw new Refusal(visible(reasonsText(read.reasons)))
}
