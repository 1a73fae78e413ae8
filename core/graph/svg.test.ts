import { expect, test } from "vitest"
import { svg } from "./svg.ts"
import type { TaskGraph } from "./taskGraph.ts"

const wgs: TaskGraph = {
  name: "wgs",
  tasks: [
    { name: "fetch", steps: 1 },
    { name: "align", steps: 24 },
    { name: "call", steps: null },
  ],
  edges: [
    { from: 0, to: 1, kind: "whole" },
    { from: 1, to: 2, kind: "iterate" },
    { from: 2, to: 0, kind: "whole" },
  ],
}

test("the picture is told in words, for those who do not see it", () => {
  const picture = svg(wgs)
  expect(picture).toContain("<title>wgs</title>")
  expect(picture).toContain(
    "<desc>3 tasks. fetch waits for call. align (24 steps) waits for fetch. call (number not known yet) waits for align.</desc>",
  )
})

test("every task is a card, with its count; every edge a line with a head, one of a cycle marked", () => {
  const picture = svg(wgs)
  expect(textsIn(picture).slice(0, 5)).toEqual(["fetch", "align", "×24", "call", "×?"])
  const [cards] = picture.split("translate(0 ")
  expect(cards?.match(/class="edge/g)).toHaveLength(3)
  expect(cards?.match(/class="head/g)).toHaveLength(3)
  expect(cards?.match(/class="edge back"/g)).toHaveLength(1)
  expect(cards?.match(/class="gap"/g)).toHaveLength(1)
})

test("the legend explains the signs in use, and only those", () => {
  expect(textsIn(svg(wgs)).slice(5)).toEqual([
    "each step waits for its twin",
    "number of steps not known yet",
    "closes a cycle",
  ])
  const plain = svg({ name: "a", tasks: [{ name: "a", steps: 1 }], edges: [] })
  expect(textsIn(plain)).toEqual(["a"])
})

test("top down is another picture of the same", () => {
  expect(svg(wgs, "down")).not.toBe(svg(wgs))
  expect(textsIn(svg(wgs, "down"))).toEqual(textsIn(svg(wgs)))
})

test("names are text: nothing in them is a tag, an attribute or no XML", () => {
  const name = `</text><script>alert("1")</script>'&\u0000\u001b[2J\u202e\ud800\ufffe`
  const picture = svg({ name, tasks: [{ name, steps: 1 }], edges: [] })
  expect(tagsIn(picture)).toEqual([
    "svg",
    "title",
    "desc",
    "style",
    "rect",
    "g",
    "g",
    "title",
    "rect",
    "text",
    "g",
  ])
  expect(picture).not.toMatch(/[\p{Cs}\p{Bidi_Control}\ufffe]|(?!\n)\p{Cc}/u)
  expect(picture).toContain("&#60;script&#62;")
})

test("a graph without tasks is a small picture that says so", () => {
  const picture = svg({ name: "", tasks: [], edges: [] })
  expect(picture).toContain("<desc>0 tasks.</desc>")
  expect(picture).toContain('width="40" height="40"')
})

test("long names are cut in the middle; the whole name is in the tooltip", () => {
  const name = `${"very-long-".repeat(9)}name.17`
  const picture = svg({ name: "w", tasks: [{ name, steps: 1 }], edges: [] })
  expect(textsIn(picture)[0]).toMatch(/^very-long.*….*name\.17$/)
  expect(picture).toContain(`<title>${name}</title>`)
})

/** Fails on anything that is not well-formed: tags that do not nest, a bare "<" or "&". */
function tagsIn(picture: string): string[] {
  const opened: string[] = []
  const names: string[] = []
  const rest = picture.replace(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/g, (...match) => {
    const [, closes, name, , closed] = match
    if (closes) expect(opened.pop()).toBe(name)
    else {
      names.push(name)
      if (!closed) opened.push(name)
    }
    return ""
  })
  expect(opened).toEqual([])
  expect(rest).not.toMatch(/<|&(?!#\d+;)/)
  return names
}

function textsIn(picture: string): string[] {
  return Array.from(picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text ?? "")
}
