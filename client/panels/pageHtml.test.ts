import { expect, test } from "vitest"
import { pageHtml } from "./pageHtml.ts"

const page = {
  title: "Graph",
  language: "en",
  script: "https://here/graph.js",
  style: "https://here/graph.css",
  source: "https://here",
  data: { subject: null, words: {} },
}

test("a page allows scripts and styles from files of ours only", () => {
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(pageHtml(page)) ?? []
  expect(policy.replaceAll("&#39;", "'")).toBe(
    "default-src 'none'; script-src https://here; style-src https://here; font-src https://here; worker-src blob:",
  )
})

test("names cannot leave the attribute they stand in", () => {
  const name = `"><script>alert(1)</script><img onerror='x'>`
  const html = pageHtml({ ...page, title: name, data: { subject: { name }, words: {} } })
  expect(html).not.toContain("<script>alert")
  expect(html.match(/<script/g)).toHaveLength(1)
  expect(html).not.toMatch(/<img/)
})
