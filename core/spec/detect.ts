import type { Dialect } from "../workflow.ts"

/**
 * Tells from a little of the text, then from the file's name, whether any document in it is ours.
 * Cheap enough to ask of every file an editor opens: it reads the first 64 KiB and no more.
 */
export function detect(text: string, path = ""): Dialect | undefined {
  const start = text.slice(0, 64 * 1024)
  for (const document of start.split(/^(?:---|\.\.\.)(?=\s|$)/m)) {
    const dialect = detectDocument(document, path)
    if (dialect) return dialect
  }
  return undefined
}

/** How much of a document decides what it is. */
export const glance = 16 * 1024

/** What one document is, from its first `glance` characters, then from the file's name. */
export function detectDocument(document: string, path: string): Dialect | undefined {
  const text = document.slice(0, glance)
  const looks = /^(?:\ufeff|\s|#.*|---)*[[{]/.test(text) ? inFlow : inBlock
  const group = looks.group.exec(text)?.[1]
  if (group) return group.startsWith("execution.kubegene.io/") ? "execution" : undefined
  const kind = looks.kind.exec(text)?.[1]
  if (kind) return kind === "Execution" ? "execution" : undefined
  if (looks.version.exec(text)?.[1]?.startsWith("genecontainer_")) return "gcs"
  if (looks.functionSpecs.test(text)) return "colonies-workflow"
  if (looks.node.test(text) && looks.conditions.test(text)) {
    return looks.list.test(text) ? "colonies-workflow" : "function"
  }
  if (looks.workflow.test(text) && looks.besides.test(text)) return "gcs"
  return byName(path)
}

/** What a file's name says about the documents in it. */
function byName(path: string): Dialect | undefined {
  const name = /\.(execution|gcs|function|colonies-workflow)\.(?:ya?ml|json)$/i.exec(path)
  return name?.[1]?.toLowerCase() as Dialect | undefined
}

// In a block a key of the document stands at the start of its line; between braces the first one
// of that name is taken for it.
const inBlock = patterns(
  (name) => `^["']?(?:${name})["']?[ \\t]*:`,
  (name) => `^(?:- +| +)?["']?(?:${name})["']?[ \\t]*:`,
)
const inFlow = patterns((name) => `[{,\\s]["']?(?:${name})["']?\\s*:`)

function patterns(key: (name: string) => string, inner = key) {
  const value = `[ \\t]*["']?([^\\s"',}\\]]*)`
  return {
    group: new RegExp(key("apiVersion") + value, "m"),
    kind: new RegExp(key("kind") + value, "m"),
    version: new RegExp(key("version") + value, "m"),
    functionSpecs: new RegExp(key("functionspecs"), "im"),
    node: new RegExp(inner("funcname|nodename"), "im"),
    conditions: new RegExp(inner("conditions"), "im"),
    list: /^(?:\ufeff|\s|#.*|---)*(?:\[|- )/,
    workflow: new RegExp(key("workflow"), "m"),
    besides: new RegExp(key("inputs|version|volumes|outputs"), "m"),
  }
}
