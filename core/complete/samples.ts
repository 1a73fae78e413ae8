import { type Path, schemaAt } from "../spec/describe.ts"
import { type PlacedSchema, resolve } from "../spec/schema.ts"
import type { World } from "./offer.ts"
import { type Sample, type SampleMap, stop } from "./render.ts"
import { allTasks, type NameWish, readable, targets } from "./taskNames.ts"
import { endsIn, valuesAt } from "./values.ts"
import type { Where } from "./where.ts"

/** Something that may stand at a path, with places to change it; undefined where nothing fits now. */
export function sampleAt(where: Where, path: Path, world: World): Sample | undefined {
  for (const [tail, make] of special) {
    if (endsIn(path, tail)) return make(where, world)
  }
  const placed = schemaAt(where.dialect, path)
  return placed ? fromSchema(where, path, placed, world) : stop("")
}

const some: NameWish = { typed: "", span: undefined, most: 20 }

function fromSchema(
  where: Where,
  path: Path,
  { schema, file }: PlacedSchema,
  world: World,
): Sample | undefined {
  const words = (schema.enum ?? []).filter((word) => word !== "")
  if (words.length > 0) return words.length === 1 ? words[0] : stop(words[0] ?? "", words)
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])
  if (types.includes("object")) {
    const map: Record<string, Sample> = {}
    for (const key of neededKeys({ schema, file })) {
      const inner = sampleAt(where, [...path, key], world)
      if (inner === undefined) return undefined
      map[key] = inner
    }
    if (Object.keys(map).length > 0) return map
    if (schema.examples?.[0] !== undefined) return fromExample(schema.examples[0])
    const first = Object.entries(schema.properties ?? {}).find(([, property]) => {
      const { deprecated, "x-ignored": ignored } = resolve(property, file).schema
      return deprecated !== true && ignored === undefined
    })
    const inner = first && sampleAt(where, [...path, first[0]], world)
    return first && inner !== undefined ? { [first[0]]: inner } : stop(null)
  }
  if (types.includes("boolean") && types.length === 1) {
    return stop(schema.default !== true, schema.default === true ? [false, true] : [true, false])
  }
  const { values } = valuesAt(where, path, some, world)
  const scalars = values.flatMap(({ value }) => (typeof value === "object" ? [] : [value]))
  if (!types.includes("array") && scalars[0] !== undefined) {
    const isChosen = values[0]?.kind === "name" && scalars.length > 1
    return stop(scalars[0], isChosen ? scalars : undefined)
  }
  if (schema.examples?.[0] !== undefined) return fromExample(schema.examples[0])
  if (types.includes("array")) {
    const item = schema.items && sampleAt(where, [...path, 0], world)
    return item === undefined ? [] : [item]
  }
  if (types.includes("string")) return stop("")
  if (types.includes("integer") || types.includes("number")) return stop(schema.minimum ?? 1)
  return stop("")
}

/** Required keys, and of each choice of keys the first. */
export function neededKeys({ schema, file }: PlacedSchema): readonly string[] {
  const { schema: whole } = resolve(schema, file)
  const choices = (whole.allOf ?? []).flatMap((choice) => choice.anyOf?.[0]?.required ?? [])
  const order = Object.keys(whole.properties ?? {})
  const needed = new Set([...(whole.required ?? []), ...choices])
  return order.filter((key) => needed.has(key))
}

function fromExample(example: unknown): Sample {
  if (Array.isArray(example)) return example.map(fromExample)
  if (typeof example !== "object" || example === null) return stop(example as string)
  const entries = Object.entries(example).map(([key, value]) => [key, fromExample(value)])
  return Object.fromEntries(entries) as SampleMap
}

type Make = (where: Where, world: World) => Sample | undefined

function dependency(where: Where): Sample | undefined {
  const { names } = targets(where, some)
  return names.length === 0 ? undefined : { target: stop(names[0] ?? "", names), type: "whole" }
}

function read(where: Where): Sample | undefined {
  const [name] = readable(where, some).names
  return name
}

function anyTask(where: Where): Sample | undefined {
  const { names } = allTasks(where, some)
  return names.length === 0 ? undefined : [stop(names[0] ?? "", names)]
}

/** What is wanted where an example of the schema would name what is not there. */
const special: readonly (readonly [readonly string[], Make])[] = [
  [["dependents"], (where) => listOf(dependency(where))],
  [["dependents", "*"], dependency],
  [["depends"], (where) => listOf(dependency(where))],
  [["depends", "*"], dependency],
  [["commandsIter"], () => ({ command: stop("echo ${1}"), varsIter: [[stop("a"), stop("b")]] })],
  [["spec", "tasks", "*", "name"], (where) => stop(freeName(where))],
  [["functionspecs", "*", "nodename"], (where) => stop(freeName(where))],
  [["outputs"], () => ({ result: { paths: [stop("/data/result.txt")] } })],
  [["resources"], (where) => resources(where)],
  [["varsIter"], () => [[stop("a"), stop("b")]]],
  [["varsIter", "*"], () => [stop("a"), stop("b")]],
  [["commands_iter"], () => ({ command: stop("echo ${1}"), vars_iter: [[stop("a"), stop("b")]] })],
  [["commands_iter", "command"], () => stop("echo hello")],
  [["commandsIter", "command"], () => stop("echo hello")],
  [["vars_iter"], () => [[stop("a"), stop("b")]]],
  [["vars"], () => [[stop("a"), stop("b")]]],
  [["workflow", "*", "commands"], () => [stop("echo hello")]],
  [["condition", "condition"], () => [true]],
  [["genericCondition", "dependJobName"], read],
  [["generic_condition", "depend_job_name"], read],
  [["genericCondition"], (where) => generic(read(where), "dependJobName", "matchRules")],
  [["generic_condition"], (where) => generic(read(where), "depend_job_name", "match_rules")],
  [["until"], anyTask],
  [["rerun"], anyTask],
  [["conditions", "dependencies"], (where) => listOf(firstTarget(where))],
  [
    ["jobTemplate"],
    () => ({ spec: { template: { spec: { containers: [{ name: stop("main") }] } } } }),
  ],
  [["conditions"], (where, world) => coloniesConditions(where, world)],
]

/** A name that no task has yet. */
export function freeName({ dialect, standing }: Where): string {
  const { text, members } = standing.document
  const stem = dialect === "gcs" ? "job" : "task"
  let number = text.items.length + 1
  while (members?.named(`${stem}-${number}`).length) number++
  return `${stem}-${number}`
}

function resources({ dialect }: Where): Sample {
  return dialect === "gcs"
    ? { cpu: stop("1c"), memory: stop("2G") }
    : { cpu: stop("500m"), memory: stop("1Gi") }
}

function listOf(item: Sample | undefined): Sample | undefined {
  return item === undefined ? undefined : [item]
}

function firstTarget(where: Where): Sample | undefined {
  const { names } = targets(where, some)
  return names.length === 0 ? undefined : stop(names[0] ?? "", names)
}

function generic(name: Sample | undefined, job: string, rules: string): Sample | undefined {
  if (name === undefined) return undefined
  const rule = {
    key: stop("q30"),
    operator: stop("Gt", ["Gt", "Lt", "In", "NotIn"]),
    values: [stop("80")],
  }
  return { [job]: name, [rules]: [rule] }
}

function coloniesConditions(where: Where, world: World): Sample {
  const path = ["conditions", "executortype"]
  const { values } = valuesAt(where, path, some, world)
  const types = values.flatMap(({ value }) => (typeof value === "string" ? [value] : []))
  return { executortype: stop(types[0] ?? "container-executor", types) }
}
