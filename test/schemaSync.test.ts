// The schemas are the one source: checks, hover, completion and the CRD are made from them, and what
// reads a spec must know the same keys and words. When a test here fails, something was changed on one
// side only:
// - a key or word that only the parser has: describe it in schemas/, with what happens when it is absent;
// - one that only the schema has: let core/plan (Execution) read it, or take it out of the schema;
// - deploy/crd.yaml is old: run `npx vitest run test/schemaSync.test.ts -u` and read the difference;
// - a rule was renamed: the schema names it in "x-rule", so that a mistake is told once, not twice.
import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { isMap, isScalar, isSeq, parseAllDocuments, parseDocument, stringify, visit } from "yaml"
import { headRules, neighbourRules, taskRules } from "#core/check/rules"
import { executionApi, readExecution } from "#core/plan/execution"
import { annotations } from "#core/plan/labels"
import { matchOperators } from "#core/plan/readCondition"
import { problemCodes } from "#core/problem"
import { emptyStatus, readStatus, runPhases, vertexPhases, writeStatus } from "#core/run/status"
import { describe } from "#core/spec/describe"
import { type CrdNode, executionCrd } from "#core/spec/executionCrd"
import { inputTypes } from "#core/spec/gcs/inputs"
import { parse } from "#core/spec/parse"
import {
  fileNamed,
  type PlacedSchema,
  resolve,
  type Schema,
  type SchemaName,
  schemaFiles,
  schemaOf,
} from "#core/spec/schema"
import { selfContained } from "#core/spec/selfContained"
import { dialects } from "#core/workflow"

const names: readonly SchemaName[] = [...dialects, "gcs-tool"]

/** Every schema node of every file, with where it stands. */
const nodes = schemaFiles.flatMap((file) => [...below(fileNamed(file), file)])

function* below(schema: Schema, path: string): Generator<{ path: string; schema: Schema }> {
  yield { path, schema }
  const maps = { properties: schema.properties, definitions: schema.definitions }
  for (const [word, map] of Object.entries(maps)) {
    for (const [key, child] of Object.entries(map ?? {}))
      yield* below(child, `${path}/${word}/${key}`)
  }
  for (const word of ["items", "additionalProperties", "propertyNames"] as const) {
    const child = schema[word]
    if (typeof child === "object") yield* below(child, `${path}/${word}`)
  }
  for (const word of ["anyOf", "allOf"] as const) {
    for (const [index, child] of (schema[word] ?? []).entries()) {
      yield* below(child, `${path}/${word}/${index}`)
    }
  }
}

test("every key is described in whole sentences", () => {
  const silent = nodes.flatMap(({ path, schema }) =>
    Object.entries(schema.properties ?? {})
      // A choice between keys names them once more, without a word about them.
      .filter(() => !/\/anyOf\/\d+$/.test(path) || schema.type !== undefined)
      .filter(
        ([, property]) =>
          !/^(?:[A-Z\d$[]|(?:true|false): ).*[.)]$/s.test(describedIn(path, property) ?? ""),
      )
      .map(([key]) => `${path}/${key}`),
  )
  expect(silent).toEqual([])
})

function describedIn(path: string, property: Schema): string | undefined {
  return resolve(property, path.split("/")[0] ?? "").schema.description
}

test("every list of words says what each word means", () => {
  for (const { path, schema } of nodes) {
    if (schema.enumDescriptions === undefined) continue
    expect(schema.enumDescriptions.length, path).toBe(schema.enum?.length)
  }
})

test("defaults and examples are values that the schema itself allows", () => {
  for (const { path, schema } of nodes) {
    const placed = resolve(schema, path.split("/")[0] ?? "")
    const values = [...(schema.examples ?? []), ...("default" in schema ? [schema.default] : [])]
    for (const value of values) expect(faults(value, placed), path).toEqual([])
  }
})

/** A second, plain reading of the schemas: what a validator of draft-07 would say, in short. */
function faults(value: unknown, placed: PlacedSchema): string[] {
  const { schema, file } = resolve(placed.schema, placed.file)
  const child = (inner: Schema, of: unknown) => faults(of, { schema: inner, file })
  if (schema.anyOf !== undefined) {
    const each = schema.anyOf.map((branch) => child(branch, value))
    return each.some((found) => found.length === 0) ? [] : (each[0] ?? [])
  }
  const types = typeof schema.type === "string" ? [schema.type] : schema.type
  if (types !== undefined && !types.some((type) => isOf(type, value))) return [`${value}: ${types}`]
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return [`${value}: enum`]
  if (typeof value === "number") {
    return value < (schema.minimum ?? value) || value > (schema.maximum ?? value)
      ? [`${value}`]
      : []
  }
  if (typeof value === "string") {
    return schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)
      ? [value]
      : []
  }
  if (Array.isArray(value)) {
    return schema.items === undefined
      ? []
      : value.flatMap((item) => child(schema.items ?? {}, item))
  }
  if (typeof value !== "object" || value === null) return []
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key))
  return [
    ...missing.map((key) => `no ${key}`),
    ...Object.entries(value).flatMap(([key, inner]) => {
      const property = schema.properties?.[key] ?? schema.additionalProperties
      if (property === false) return [`unknown ${key}`]
      return typeof property === "object" ? child(property, inner) : []
    }),
  ]
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null
  if (type === "array") return Array.isArray(value)
  if (type === "integer") return Number.isInteger(value)
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value)
  return typeof value === type
}

test("patterns are whole, and none can take more than linear time", () => {
  for (const { path, schema } of nodes) {
    if (schema.pattern === undefined) continue
    expect(() => new RegExp(schema.pattern ?? "", "u"), path).not.toThrow()
    expect(schema.pattern, path).toMatch(/^\^/)
    // A repeated group may not itself end in something repeated, as in (a+)+.
    expect(schema.pattern, path).not.toMatch(/[*+]\)[*+]|[*+]\{/)
    const started = performance.now()
    new RegExp(schema.pattern, "u").test(`${"a0-.".repeat(25_000)}!`)
    expect(performance.now() - started, path).toBeLessThan(1000)
  }
})

test("our own words in the schemas name things that exist", () => {
  const rules = new Map(
    [...taskRules, ...headRules, ...neighbourRules].map((rule) => [rule.name, rule.dialects]),
  )
  for (const { path, schema } of nodes) {
    const keys = Object.keys(schema.properties ?? {})
    const ruled = [
      schema["x-rule"],
      schema["x-rule-all"],
      ...Object.values(schema["x-ruled"] ?? {}),
    ]
    for (const rule of ruled.filter((name) => name !== undefined)) {
      expect([...rules.keys()], path).toContain(rule)
      const dialect = dialects.find((name) => path.startsWith(`${name}.schema.json`))
      if (dialect !== undefined) expect(rules.get(rule), `${path}: ${rule}`).toContain(dialect)
    }
    for (const meant of Object.values(schema["x-aliases"] ?? {}))
      expect(keys, path).toContain(meant)
    for (const key of Object.keys(schema["x-elsewhere"] ?? {}))
      expect(keys, path).not.toContain(key)
    if (schema["x-code"] !== undefined) expect(problemCodes, path).toContain(schema["x-code"])
    for (const property of Object.values(schema.properties ?? {})) {
      if (property["x-replacement"]) expect(keys, path).toContain(property["x-replacement"])
    }
  }
})

test("the words of the schemas are the words of the code", () => {
  const words = (name: SchemaName, ...path: (string | number)[]) =>
    describe(name, path)?.values.map(({ value }) => value)
  const task = ["spec", "tasks", 0]
  expect(words("execution", "apiVersion")).toEqual([executionApi.apiVersion])
  expect(words("execution", "kind")).toEqual([executionApi.kind])
  expect(words("execution", ...task, "genericCondition", "matchRules", 0, "operator")).toEqual([
    ...matchOperators,
  ])
  expect(words("gcs", "workflow", "a", "generic_condition", "match_rules", 0, "operator")).toEqual([
    ...matchOperators,
  ])
  expect(words("gcs", "inputs", "a", "type")).toEqual([...inputTypes])
  const wrote = (path: string[]) => definition("execution", path).enum
  expect(wrote(["status", "properties", "phase"])).toEqual([...runPhases])
  expect(wrote(["vertex", "properties", "phase"])).toEqual([...vertexPhases])
  const described = definition("execution", ["metadata", "properties", "annotations"]).properties
  const { templateHash: _onJobs, specHash: _one, deleted: _two, ...onExecutions } = annotations
  expect(Object.keys(described ?? {}).sort()).toEqual(Object.values(onExecutions).sort())
})

function definition(name: SchemaName, path: readonly string[]): Schema {
  let here: unknown = schemaOf(name).schema.definitions
  for (const part of path) here = (here as Record<string, unknown>)[part]
  return here as Schema
}

test("an Execution's parser asks for every key of its spec, and for no other", () => {
  const asked = new Set<string>()
  for (const without of ["commandSet", "commands"]) {
    const spec = sample({
      schema: definition("execution", ["spec"]),
      file: "execution.schema.json",
    })
    for (const task of (spec as { tasks: Record<string, unknown>[] }).tasks) delete task[without]
    readExecution({ metadata: { name: "a" }, spec: spying(spec, "", asked) })
  }
  const known = new Set(
    keysBelow({ schema: definition("execution", ["spec"]), file: "execution.schema.json" }, ""),
  )
  expect([...asked].sort()).toEqual([...known].sort())
})

/** A value with every key the schema names. */
function sample(placed: PlacedSchema): unknown {
  const { schema, file } = resolve(placed.schema, placed.file)
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0]
  if (schema["x-crd"] === "opaque") return {}
  if (schema.items?.["x-crd"] === "opaque" || schema.items?.items?.["x-crd"] === "opaque") {
    return schema.examples?.[0]
  }
  switch (type) {
    case "object": {
      const properties = Object.entries(schema.properties ?? {})
      if (typeof schema.additionalProperties === "object") {
        return { any: sample({ schema: schema.additionalProperties, file }) }
      }
      return Object.fromEntries(
        properties.map(([key, value]) => [key, sample({ schema: value, file })]),
      )
    }
    case "array":
      return [sample({ schema: schema.items ?? {}, file })]
    case "integer":
      return 1
    default:
      return schema.enum?.[0] ?? "x"
  }
}

/** The same value, telling which of its keys somebody asks for. */
function spying(value: unknown, path: string, asked: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => spying(item, path, asked))
  if (typeof value !== "object" || value === null) return value
  return new Proxy(value, {
    getOwnPropertyDescriptor(target, key) {
      const found = Object.getOwnPropertyDescriptor(target, key)
      return found && { ...found, configurable: true }
    },
    get(target, key) {
      if (typeof key !== "string") return undefined
      const here = `${path}/${key}`
      if (key !== "any") asked.add(here.replaceAll("/any", ""))
      return spying((target as Record<string, unknown>)[key], here, asked)
    },
  })
}

/** The paths of every key that is read one by one: Kubernetes' own types are passed on whole. */
function keysBelow(placed: PlacedSchema, path: string): string[] {
  const { schema, file } = resolve(placed.schema, placed.file)
  if (schema["x-crd"] === "opaque" || file === "kubernetes.schema.json") return []
  const inner = schema.items ?? schema.additionalProperties
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
      `${path}/${key}`,
      ...keysBelow({ schema: value, file }, `${path}/${key}`),
    ]),
    ...(typeof inner === "object" ? keysBelow({ schema: inner, file }, path) : []),
  ]
}

test("a status is written and read with the keys of the schema", () => {
  const at = "2026-11-20T10:00:00Z"
  const vertex = {
    id: "a.b.0",
    name: "a.b.0.r2",
    type: "Job",
    phase: "Succeeded",
    message: "success",
    startedAt: at,
    releasedAt: at,
    finishedAt: at,
    children: ["a.c.0"],
    attempt: 2,
    stepHash: "1:0",
    result: "x",
  } as const
  const status = {
    ...emptyStatus,
    progress: "1/2",
    vertices: new Map([["a.b.0", vertex]]),
    observedWishes: ["w"],
    suspended: { by: "me", at },
    stopped: { by: "me", at },
    attempts: { "a.b.0": 2 },
    resumed: { from: "a-1", runsAgain: { b: "new" } },
    others: { driver: { id: "d" }, packedVertices: "H4sI" },
  }
  const written = writeStatus(status)
  expect(readStatus(written)).toEqual(status)
  expect(
    faults(written, { schema: definition("execution", ["status"]), file: "execution.schema.json" }),
  ).toEqual([])
  const keys = (name: string) =>
    Object.keys(definition("execution", [name]).properties ?? {}).sort()
  expect(Object.keys(written).sort()).toEqual(keys("status"))
  expect(Object.keys(vertex).sort()).toEqual(keys("vertex"))
})

test("the CRD has every key of the schema, with the same words, and no other", () => {
  const { schema, file } = schemaOf("execution")
  const whole = crdSchema()
  for (const name of ["spec", "status"]) {
    const placed = { schema: schema.properties?.[name] ?? {}, file }
    compare(placed, (whole.properties as Record<string, CrdNode>)[name] ?? {}, name)
  }
})

function crdSchema(): CrdNode {
  const crd = parseDocument(readFileSync("deploy/crd.yaml", "utf8")).toJS()
  return crd.spec.versions[0].schema.openAPIV3Schema as CrdNode
}

function compare(placed: PlacedSchema, crd: CrdNode, path: string): void {
  const { schema, file } = resolve(placed.schema, placed.file)
  expect(crd.description, path).toBe(schema.description)
  expect(crd.enum, path).toEqual(schema.enum)
  const types = (typeof schema.type === "string" ? [schema.type] : schema.type) ?? ["null"]
  expect(crd.nullable ?? false, path).toBe(types.includes("null"))
  expect(crd["x-kubernetes-preserve-unknown-fields"] ?? false, path).toBe(
    schema["x-crd"] !== undefined,
  )
  if (schema["x-crd"] === "opaque") {
    expect(crd.properties, path).toBeUndefined()
    return
  }
  expect(crd.required, path).toEqual(schema.required)
  const properties = (crd.properties ?? {}) as Record<string, CrdNode>
  expect(Object.keys(properties), path).toEqual(Object.keys(schema.properties ?? {}))
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    compare({ schema: value, file }, properties[key] ?? {}, `${path}.${key}`)
  }
  if (schema.items !== undefined) {
    compare({ schema: schema.items, file }, crd.items as CrdNode, `${path}[]`)
  }
}

test("deploy/crd.yaml is the CRD that the code installs", async () => {
  const head = `# Made from schemas/execution.schema.json by test/schemaSync.test.ts; change that file, not this one.\n`
  const text = stringify(executionCrd(), { lineWidth: 100, aliasDuplicateObjects: false })
  await expect(head + text).toMatchFileSnapshot("../deploy/crd.yaml")
})

test("the rights of a driver name what they are for, without a wildcard", () => {
  const documents = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8"))
  for (const document of documents) {
    visit(document, { Scalar: (_key, node) => expect(node.value).not.toBe("*") })
    const rules = document.get("rules")
    if (!isSeq(rules)) continue
    for (const rule of rules.items) {
      if (!isMap(rule)) continue
      const groups = rule.get("apiGroups")
      expect(isSeq(groups) && groups.items.every((group) => isScalar(group))).toBe(true)
    }
  }
})

test.each(names)("the schema of %s stands alone once it is made self-contained", (name) => {
  const alone = selfContained(name)
  const references: string[] = []
  JSON.stringify(alone, (key, value) => {
    if (key === "$ref") references.push(value)
    return value
  })
  for (const reference of references) {
    expect(reference).toMatch(/^#\/definitions\//)
    expect(Object.keys(alone.definitions ?? {})).toContain(reference.split("/")[2])
  }
})

// Files that show a mistake, besides those in the folders called "problems".
const broken = ["execution/unknown-dependency.yaml"]

test.each(dialects)("every fixture of %s that is meant to be valid is", (dialect) => {
  const folder = `test/fixtures/${dialect}`
  const files = readdirSync(folder).filter((file) => /\.(?:yaml|json)$/.test(file))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files.filter((name) => !broken.includes(`${dialect}/${name}`))) {
    const documents = parse(readFileSync(`${folder}/${file}`, "utf8"), file)
    expect(
      documents.map((document) => document.dialect),
      file,
    ).toContain(dialect)
    const told = documents.flatMap(({ problems }) => problems)
    expect(
      told.filter(({ severity }) => /error|warning/.test(severity)),
      file,
    ).toEqual([])
  }
})

test.each(dialects)("the examples in the schema of %s are specs without a mistake", (dialect) => {
  for (const example of schemaOf(dialect).schema.examples ?? []) {
    const [document] = parse(JSON.stringify(example), `example.${dialect}.json`)
    expect(document?.dialect).toBe(dialect)
    expect(document?.problems.filter(({ severity }) => severity !== "hint")).toEqual([])
  }
})
