import { expandGcs } from "#core/spec/gcs/expand"
import { type InputType, readInputs } from "#core/spec/gcs/inputs"
import type { SpecDocument } from "#core/spec/parse"
import { readText } from "#core/spec/readText"
import { type TreeNode, toValue } from "#core/spec/tree"
import type { InputPicture, InputsParams, InputsResult } from "../protocol.ts"

/** The inputs of a genectl workflow, each with the value it would get and what is wrong with that. */
export function inputs(
  document: SpecDocument | undefined,
  { typed, tools = {} }: Pick<InputsParams, "typed" | "tools">,
): InputsResult {
  if (document?.dialect !== "gcs") return []
  const { tree } = document
  const given: Record<string, unknown> = {}
  const pictures = [...readInputs(tree).values()].map((input): InputPicture => {
    const type = input.type ?? "string"
    const own = input.value === undefined ? undefined : written(input.value)
    const text = typed[input.name]
    if (text === undefined) {
      return { name: input.name, type, own, value: input.value, problem: undefined }
    }
    const reading = read(text, type)
    if (reading.kind === "value") given[input.name] = reading.value
    return {
      name: input.name,
      type,
      own,
      value: reading.kind === "value" ? reading.value : undefined,
      problem: reading.kind === "wrong" ? reading.sentence : undefined,
    }
  })
  const wrong = new Map(
    Object.keys(given).map((name) => [name, newError(tree, given, name, tools)]),
  )
  return pictures.map((picture) => ({
    ...picture,
    problem: picture.problem ?? wrong.get(picture.name),
  }))
}

/** What the checks say with this value that they do not say without it. */
function newError(
  tree: TreeNode,
  given: Readonly<Record<string, unknown>>,
  name: string,
  tools: Readonly<Record<string, string>>,
): string | undefined {
  const errors = (values: Readonly<Record<string, unknown>>) =>
    expandGcs(tree, { inputs: values, tools: new Map(Object.entries(tools)), name: "workflow" })
      .problems.filter(({ severity }) => severity === "error")
      .map(({ message }) => message)
  const { [name]: _, ...others } = given
  const before = new Set(errors(others))
  return errors(given).find((message) => !before.has(message))
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

type Reading =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "wrong"; readonly sentence: string }

function read(text: string, type: InputType): Reading {
  switch (type) {
    case "string":
      return { kind: "value", value: text }
    case "number": {
      const value = Number(text)
      if (text.trim() !== "" && Number.isFinite(value)) return { kind: "value", value }
      return { kind: "wrong", sentence: `"${text}" is not a number.` }
    }
    case "bool":
      if (text === "true" || text === "false") return { kind: "value", value: text === "true" }
      return { kind: "wrong", sentence: `"${text}" is neither true nor false.` }
    case "array": {
      const { tree, problems } = readText(text)
      const value = tree && problems.length === 0 ? toValue(tree) : undefined
      if (Array.isArray(value)) return { kind: "value", value }
      return { kind: "wrong", sentence: "This is not a list: write [a, b, c]." }
    }
  }
}
