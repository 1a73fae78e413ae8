import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from "yaml"
import type { Problem, Span } from "../problem.ts"
import { nothing, trimmed } from "./cursor.ts"
import { syntaxProblem, syntaxProblems } from "./syntaxProblem.ts"
import type { MapEntry, ScalarNode, TreeNode } from "./tree.ts"

/** One document as it stands in the text, whatever it says. */
export interface ExactDocument {
  readonly tree: TreeNode | undefined
  readonly problems: readonly Problem[]
  /** What the anchors mean at the end of the document. */
  readonly anchors: Anchors
  /** Names of aliases that no anchor of the document explains. */
  readonly needs: readonly string[]
  /** The document ended before its text did: nothing behind that place means anything. */
  readonly isOver: boolean
}

export type Anchors = ReadonlyMap<string, TreeNode>

/** Reads text with the `yaml` package: slow, complete, and exact about what is wrong and where. */
export function readExactly(text: string, outside?: Anchors): readonly ExactDocument[] {
  // The package makes an Error of each mistake; its stack would cost more than all the reading.
  const errors = Error as { stackTraceLimit?: number }
  const { stackTraceLimit } = errors
  errors.stackTraceLimit = 0
  try {
    const documents = parseAllDocuments(text, options)
    if ("empty" in documents) return []
    return documents.map((document) => convert(document as Document.Parsed, text, outside))
  } catch (error) {
    // The package recurses: brackets nested ten thousand deep exhaust the stack.
    if (!(error instanceof RangeError)) throw error
    const problems = [syntaxProblem("Nested too deep: nothing reads this.", 0, text.length)]
    return [{ tree: undefined, problems, anchors: new Map(), needs: [], isOver: false }]
  } finally {
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit
  }
}

const options = {
  // Duplicate keys are our own rule, with our own sentence.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const

/** An alias may repeat at most this many nodes, all uses in a document together. */
const repeatLimit = 10_000
const depthLimit = 200

function convert(document: Document.Parsed, text: string, outside?: Anchors): ExactDocument {
  const problems = [...syntaxProblems(document.errors, text)]
  const anchors = new Map<string, TreeNode>()
  const needs = new Set<string>()
  let repeated = 0

  function node(from: ParsedNode | null, after: number, depth: number): TreeNode {
    if (from === null) return nothing(after)
    const [start, valueEnd] = from.range
    if (depth > depthLimit) {
      problems.push(
        syntaxProblem(`More than ${depthLimit} levels deep: nothing reads this.`, start, valueEnd),
      )
      return nothing(start)
    }
    const made = content(from, start, valueEnd, depth)
    if ("anchor" in from && from.anchor !== undefined) anchors.set(from.anchor, made)
    return made
  }

  function content(from: ParsedNode, start: number, end: number, depth: number): TreeNode {
    if (isAlias(from)) return alias(from.source, { start, end })
    if (isScalar(from)) return scalar(from as Scalar.Parsed, text)
    if (isSeq(from)) {
      const items: TreeNode[] = []
      for (const item of from.items) {
        items.push(node(item as ParsedNode, items.at(-1)?.span.end ?? start, depth + 1))
      }
      return { kind: "seq", span: { start, end: endOf(from, items.at(-1), end) }, items }
    }
    if (isMap(from)) {
      const entries: MapEntry[] = []
      for (const pair of from.items) {
        const key = mapKey(node(pair.key as ParsedNode | null, start, depth + 1))
        entries.push({ key, value: node(pair.value as ParsedNode | null, key.span.end, depth + 1) })
      }
      return { kind: "map", span: { start, end: endOf(from, entries.at(-1)?.value, end) }, entries }
    }
    return nothing(start)
  }

  function alias(name: string, span: Span): TreeNode {
    const own = anchors.get(name)
    if (!own) needs.add(name)
    const target = own ?? outside?.get(name)
    if (!target) {
      problems.push(
        syntaxProblem(`No anchor "&${name}" stands before this "*${name}".`, span.start, span.end),
      )
      return nothing(span.start)
    }
    const copy = (from: TreeNode): TreeNode => {
      repeated++
      if (repeated > repeatLimit || from.kind === "scalar") return { ...from, span } as TreeNode
      return from.kind === "seq"
        ? { kind: "seq", span, items: from.items.map(copy) }
        : {
            kind: "map",
            span,
            entries: from.entries.map((entry) => ({
              key: { ...entry.key, span },
              value: copy(entry.value),
            })),
          }
    }
    if (repeated > repeatLimit) return nothing(span.start)
    const made = copy(target)
    if (repeated > repeatLimit) {
      problems.push(
        syntaxProblem(
          `Aliases repeat more than ${repeatLimit} values in this text.`,
          span.start,
          span.end,
        ),
      )
    }
    return made
  }

  const contents = document.contents as ParsedNode | null
  const isEmpty = contents === null || contents.range[0] === contents.range[1]
  const tree = isEmpty ? undefined : node(contents, document.range[0], 0)
  const isOver = document.errors.some(({ message }) => message.includes("token in YAML stream"))
  return { tree, problems, anchors, needs: [...needs], isOver }
}

function mapKey(node: TreeNode): ScalarNode {
  if (node.kind === "scalar") return node
  return { kind: "scalar", span: node.span, value: "", source: "", style: "plain" }
}

function scalar(from: Scalar.Parsed, text: string): ScalarNode {
  const [start, written] = from.range
  // Nothing written stands right behind its colon or dash, and a block scalar ends with its last
  // line of content, wherever `yaml` went on looking.
  if (start === written) return nothing(trimmed(text, start))
  const style = styles[from.type ?? "PLAIN"] ?? "plain"
  const end = style === "block" ? trimmed(text, written) : written
  const value = from.value
  const source = text.slice(start, end)
  return {
    kind: "scalar",
    span: { start, end },
    value:
      value === null ||
      typeof value === "string" ||
      typeof value === "number" ||
      typeof value === "boolean"
        ? value
        : source,
    source,
    style,
  }
}

const styles: Readonly<Record<string, ScalarNode["style"]>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_FOLDED: "block",
  BLOCK_LITERAL: "block",
}

/** A block collection ends with its last value; `yaml` lets it run to the next line. */
function endOf(from: { flow?: boolean }, last: TreeNode | undefined, end: number): number {
  return from.flow || !last ? end : last.span.end
}
