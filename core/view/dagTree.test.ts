import { expect, test } from "vitest"
import { type DagTree, dagTree } from "./dagTree.ts"

type Row = [name: string, after: string, end?: string]

/** The unfolded tree, a row a line. */
function drawn(...rows: Row[]): string {
  const tree = dagTree(
    rows.map(([name, after, end]) => ({
      name,
      finishedAt: end ?? null,
      dependencies: after
        .split(" ")
        .filter(Boolean)
        .map((task) => ({ task, type: "whole" })),
    })),
  )
  return tree.roots.map((root) => lines(tree, root, 0)).join("")
}

function lines({ children, ...rest }: DagTree, name: string, depth: number): string {
  const below = (children.get(name) ?? []).map(({ task, kind }) =>
    kind === "own"
      ? lines({ children, ...rest }, task, depth + 1)
      : `${"  ".repeat(depth + 1)}${task} is ${kind}\n`,
  )
  return `${"  ".repeat(depth)}${name}\n${below.join("")}`
}

test("a task with several parents appears once; the others link to it", () => {
  expect(drawn(["a", ""], ["b", ""], ["c", "a b"])).toBe("a\n  c\nb\n  c is above\n")
})

test("a task hangs under the parent that ended last, and a link says where that is", () => {
  expect(drawn(["a", "", "10:00"], ["b", "", "10:05"], ["c", "a b"])).toBe(
    "a\n  c is below\nb\n  c\n",
  )
  expect(drawn(["a", ""], ["b", "", "10:05"], ["c", "a b"])).toBe("a\n  c\nb\n  c is above\n")
})

test("a chain nests, and what waits for nothing stands at the top", () => {
  expect(drawn(["a", ""], ["b", "a"], ["c", "b"], ["d", ""])).toBe("a\n  b\n    c\nd\n")
})

test("own tasks come before links, a doubled or missing dependency makes no second row", () => {
  expect(drawn(["a", ""], ["b", "a a gone"], ["c", "a b"])).toBe("a\n  b\n    c is below\n  c\n")
})

test("10,000 tasks in one chain are no problem", () => {
  const tasks = Array.from({ length: 10_000 }, (_, index) => ({
    name: `t${index}`,
    finishedAt: null,
    dependencies: index === 0 ? [] : [{ task: `t${index - 1}`, type: "whole" as const }],
  }))
  expect(dagTree(tasks).children.size).toBe(9_999)
})
