import { existsSync, readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { type Mark, readMarks, readSideTable, shown } from "../../test/support/marks.ts"
import { type Problem, problemCodes } from "../problem.ts"
import { parse } from "../spec/parse.ts"
import { dialects } from "../workflow.ts"

// Each file of problems/ is a spec full of mistakes; its marks are all of them, each at its exact
// place. Those of good/ have none.
for (const dialect of dialects) {
  for (const kind of ["problems", "good"]) {
    const folder = `test/fixtures/${dialect}/${kind}`
    for (const file of readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name))) {
      test(`${dialect}, ${kind}: ${file}`, () => check(`${folder}/${file}`, kind === "good"))
    }
  }
}

function check(path: string, isGood: boolean): void {
  const text = readFileSync(path, "utf8")
  const side = `${path}.marks`
  const marks = existsSync(side) ? readSideTable(readFileSync(side, "utf8")) : readMarks(text)
  const documents = parse(text, path)
  const problems = documents.flatMap((document) => document.problems)
  expect(documents).not.toEqual([])
  expect(marks.length > 0).toBe(!isGood)
  const found = problems.map((problem) => line(placeOf(text, problem), problem, marks))
  expect(found.sort()).toEqual(marks.map(wish).sort())
}

/** A problem as its mark writes it, if it has one; else as it is. */
function line(place: string, problem: Problem, marks: readonly Mark[]): string {
  expect(problemCodes).toContain(problem.code)
  const kind = shown(problem.code, problem.severity, problem.authority)
  const meant = marks.find(
    (mark) => wish(mark).startsWith(`${place} ${kind}: `) && problem.message.includes(mark.message),
  )
  return meant === undefined ? `${place} ${kind}: ${problem.message}` : wish(meant)
}

function wish({ line, start, end, kind, message }: Mark): string {
  return `${line + 1}:${start + 1}-${line + 1}:${end + 1} ${kind}: ${message}`
}

function placeOf(text: string, { span }: Problem): string {
  const place = (offset: number) => {
    const before = text.slice(0, offset).split("\n")
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
  }
  return `${place(span.start)}-${place(span.end)}`
}
