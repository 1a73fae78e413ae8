import { expect, test } from "vitest"
import { mermaid } from "./mermaid.ts"

test("fan-outs carry their count, unknown ones a question mark, twins a double arrow", () => {
  expect(
    mermaid({
      name: "wgs",
      tasks: [
        { name: "fetch", steps: 1 },
        { name: "align", steps: 24 },
        { name: "sort", steps: 24 },
        { name: "call", steps: null },
      ],
      edges: [
        { from: 0, to: 1, kind: "whole" },
        { from: 1, to: 2, kind: "iterate" },
        { from: 2, to: 3, kind: "whole" },
      ],
    }),
  ).toMatchInlineSnapshot(`
    "---
    title: "wgs"
    ---
    flowchart LR
      n0["fetch"]
      n1[["align ×24"]]
      n2[["sort ×24"]]
      n3[["call ×?"]]:::unknown
      n0 --> n1
      n1 ==> n2
      n2 --> n3
      classDef unknown stroke-dasharray: 4 3
    "
  `)
})

test("names stay names, whatever is in them", () => {
  const hostile = '"]; click n0 "javascript:alert(1)" %%{init}%% `**md**` <b>&\n\u202e\ud800'
  const lines = mermaid({ name: 'a"\n---\nx: y', tasks: [{ name: hostile, steps: 1 }], edges: [] })
  expect(lines.split("\n")).toHaveLength(6)
  expect(lines.split("\n")[1]).toBe('title: "a\\"�---�x: y"')
  expect(lines.split("\n")[4]).toMatch(/^ {2}n0\["[\p{L}\p{N} ._#;-]*"\]$/u)
})
