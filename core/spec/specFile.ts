import { nearest } from "../check/nearest.ts"
import type { Member, Surroundings } from "../check/rule.ts"
import { headRules, neighbourRules, readers, taskRules } from "../check/rules.ts"
import type { Problem } from "../problem.ts"
import type { Task, Workflow } from "../workflow.ts"
import type { DialectReader } from "./dialect.ts"
import { dialectOf } from "./dialectOf.ts"
import { readExactly } from "./exact.ts"
import type { SpecDocument } from "./parse.ts"
import { at, type ScalarNode, type TreeNode } from "./tree.ts"

/** A place in a text: line and UTF-16 code unit, both from zero. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** The text of one file while it is edited, and what its documents say. */
export class SpecFile {
  #text: string
  readonly #path: string
  #documents: readonly SpecDocument[] | undefined

  constructor(text: string, path: string) {
    this.#text = text
    this.#path = path
  }

  get text(): string {
    return this.#text
  }

  edit(start: Position, end: Position, text: string): void {
    this.#text =
      this.#text.slice(0, this.offsetAt(start)) + text + this.#text.slice(this.offsetAt(end))
    this.#documents = undefined
  }

  replace(text: string): void {
    this.#text = text
    this.#documents = undefined
  }

  documents(): readonly SpecDocument[] {
    this.#documents ??= read(this.#text, this.#path)
    return this.#documents
  }

  offsetAt({ line, character }: Position): number {
    let offset = 0
    for (let i = 0; i < line; i++) {
      const next = this.#text.indexOf("\n", offset)
      if (next < 0) return this.#text.length
      offset = next + 1
    }
    const end = this.#text.indexOf("\n", offset)
    return Math.min(offset + character, end < 0 ? this.#text.length : end)
  }

  positionAt(offset: number): Position {
    let line = 0
    let start = 0
    for (;;) {
      const next = this.#text.indexOf("\n", start)
      if (next < 0 || next >= offset) return { line, character: offset - start }
      line++
      start = next + 1
    }
  }
}

function read(text: string, path: string): readonly SpecDocument[] {
  return readExactly(text).flatMap(({ span, tree, problems }) => {
    const dialect = dialectOf(tree, path)
    const reader = dialect && readers[dialect]
    if (!reader || !tree) return []
    const head = reader.readHead(tree)
    const tasks: Task[] = []
    const found: Problem[] = [...problems]
    const items = itemsIn(tree, reader)
    for (const { node, key } of items) {
      const facts = reader.readTask(node, key, head)
      tasks.push({ ...facts, offset: 0 })
      for (const rule of taskRules) {
        if (!rule.dialects.includes(reader.dialect)) continue
        const subject = { dialect: reader.dialect, tree: node, key, task: facts, head }
        found.push(...rule.check(subject))
      }
    }
    const workflow: Workflow = {
      dialect: reader.dialect,
      name: head.name,
      namespace: head.namespace,
      tasks,
    }
    for (const rule of headRules) {
      if (!rule.dialects.includes(reader.dialect)) continue
      found.push(
        ...rule.check({ dialect: reader.dialect, tree, tasks: tasksIn(tree, reader), head }),
      )
    }
    found.push(...across(tasks, reader, head))
    found.sort((a, b) => a.span.start - b.span.start)
    return [{ dialect: reader.dialect, span, workflow, problems: found, tree }]
  })
}

function across(
  tasks: readonly Task[],
  reader: DialectReader,
  head: Surroundings["head"],
): Problem[] {
  const members: Member[] = tasks.map((task) => ({ task }))
  const byName = new Map<string, Member[]>()
  for (const member of members) {
    const name = member.task.name?.value
    if (name === undefined) continue
    const same = byName.get(name)
    if (same) same.push(member)
    else byName.set(name, [member])
  }
  const surroundings: Surroundings = {
    dialect: reader.dialect,
    head,
    named: (name) => byName.get(name) ?? [],
    nearest: (name) => nearest(name, byName.keys()),
  }
  return members.flatMap((member) =>
    neighbourRules
      .filter((rule) => rule.dialects.includes(reader.dialect))
      .flatMap((rule) => rule.check(member, surroundings))
      .map(({ related, ...problem }) => ({
        ...problem,
        ...(related ? { related: related.map(({ span, message }) => ({ span, message })) } : {}),
      })),
  )
}

function tasksIn(root: TreeNode, reader: DialectReader): TreeNode | undefined {
  for (const path of reader.taskPaths) {
    let node: TreeNode | undefined = root
    for (const key of path) node = at(node, key)
    if (node?.kind === "seq" && reader.tasksAre === "list" && node.items.length > 0) return node
    if (node?.kind === "map" && reader.tasksAre === "map" && node.entries.length > 0) return node
  }
  return undefined
}

function itemsIn(
  root: TreeNode,
  reader: DialectReader,
): { node: TreeNode; key: ScalarNode | undefined }[] {
  if (reader.tasksAre === "one") return [{ node: root, key: undefined }]
  for (const path of reader.taskPaths) {
    let node: TreeNode | undefined = root
    for (const key of path) node = at(node, key)
    if (node?.kind === "seq" && reader.tasksAre === "list") {
      return node.items.map((item) => ({ node: item, key: undefined }))
    }
    if (node?.kind === "map" && reader.tasksAre === "map") {
      return node.entries.map((entry) => ({ node: entry.value, key: entry.key }))
    }
  }
  return []
}
