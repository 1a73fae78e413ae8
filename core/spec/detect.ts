import type { Dialect } from "../workflow.ts"

/**
 * Tells from a little of the text, then from the file's name, whether any document in it is ours.
 * Cheap enough to ask of every file an editor opens: it reads the first 64 KiB and no more.
 */
export function detect(text: string, path = ""): Dialect | undefined {
  const start = text.length > glance ? text.slice(0, glance) : text
  for (const document of start.split(/^---(?=\s|$)/m)) {
    const dialect = byContent(document)
    if (dialect) return dialect
  }
  return isForeign(start) ? undefined : byName(path)
}

/** What a file's name says about the documents in it. */
export function byName(path: string): Dialect | undefined {
  return /\.(execution|gcs|function|colonies-workflow)\.(?:ya?ml|json)$/i.exec(path)?.[1] as
    | Dialect
    | undefined
}

const glance = 64 * 1024

// A key at the start of a line or after a bracket or comma, quoted or not.
const key = (name: string) => `(?:^|[{,[\\s])["']?${name}["']?[ \\t]*:`
const value = (pattern: string) => `[ \\t]*["']?${pattern}`

const kind = new RegExp(key("kind") + value("Execution\\b"), "m")
const group = new RegExp(key("apiVersion") + value("execution\\.kubegene\\.io/"), "m")
const otherGroup = new RegExp(key("apiVersion") + value("\\S"), "m")
const grammar = new RegExp(key("version") + value("genecontainer_"), "m")
const gcsWorkflow = /^["']?workflow["']?[ \t]*:/m
const gcsOther = /^["']?(?:inputs|version|volumes|outputs)["']?[ \t]*:/m
const functionSpecs = /^(?:\s*\{\s*)?["']?functionspecs["']?[ \t]*:/m
const functionName = new RegExp(key("(?:funcname|nodename)"), "im")
const executorType = new RegExp(key("executortype"), "im")
const conditions = new RegExp(key("conditions"), "im")

function byContent(document: string): Dialect | undefined {
  if (group.test(document)) return "execution"
  if (kind.test(document)) return otherGroup.test(document) ? undefined : "execution"
  if (isForeign(document)) return undefined
  if (grammar.test(document)) return "gcs"
  if (functionSpecs.test(document)) return "colonies-workflow"
  if (functionName.test(document) && (conditions.test(document) || executorType.test(document))) {
    return /^\s*(?:\[|(?:#.*\s+)*-\s)/.test(document) ? "colonies-workflow" : "function"
  }
  if (gcsWorkflow.test(document) && gcsOther.test(document)) return "gcs"
  return undefined
}

function isForeign(text: string): boolean {
  return otherGroup.test(text) && !group.test(text)
}
