import assert from "node:assert/strict"
import { test } from "node:test"
import { CancellationTokenSource } from "vscode-jsonrpc/node"
import { LSPErrorCodes } from "vscode-languageserver/node"
import type { DocumentSymbol, Hover, Location } from "vscode-languageserver-types"
import { startClient } from "./client.mts"

const uri = "file:///w/spec.yaml"

/** The text without its marks, and where each mark `<1>`, `<2>` … stood. */
function marked(text: string) {
  const places: { line: number; character: number }[] = []
  const lines = text.split("\n").map((given, line) =>
    given.replace(/<(\d)>/g, (_mark, number: string, at: number) => {
      const before = given.slice(0, at).replace(/<\d>/g, "")
      places[Number(number)] = { line, character: before.length }
      return ""
    }),
  )
  return { text: lines.join("\n"), at: (number: number) => places[number] ?? assert.fail() }
}

const spec = marked(`apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: <5>wgs
spec:
  <1>parallelism: 4
  tasks:
  - name: list
    type: Job
    image: busybox
    commandSet: ["ls"]
  - name: map
    type: Job
    image: busybox
    commandsIter:
      command: <2>map.sh \${1} > \${item}
      varsIter: [[s1, s2], [a]]
    dependents: [{ target: <3>list, type: whole }]
  - name: sort
    type: Job
    image: busybox
    commandsIter:
      command: sort.sh \${1}
      varsIter: [[get_result, <4>list, " "]]
    dependents: [{ target: list, type: whole }]
`)

test("hover says what a key means, what a value becomes, and what a named task is", async () => {
  const client = await startClient()
  client.open(uri, spec.text)
  const hover = async (number: number) => {
    const params = { textDocument: { uri }, position: spec.at(number) }
    const found = await client.connection.sendRequest<Hover | null>("textDocument/hover", params)
    return (found?.contents as { value: string } | undefined)?.value ?? ""
  }
  assert.match(await hover(1), /^\*\*parallelism\*\* · whole number/)
  assert.match(await hover(2), /map\.sh s1 > 0/)
  assert.match(await hover(3), /Task "list": 1 step\./)
  assert.match(await hover(4), /Task "list": 1 step\./)
  assert.match(await hover(5), /^\*\*name\*\* · text/)
  assert.equal(await client.close(), 0)
})

test("a dependency and a function lead to the task they name", async () => {
  const client = await startClient()
  client.open(uri, spec.text)
  for (const number of [3, 4]) {
    const params = { textDocument: { uri }, position: spec.at(number) }
    const found = await client.connection.sendRequest<Location[]>("textDocument/definition", params)
    assert.deepEqual(
      found.map(({ range }) => range),
      [{ start: { line: 7, character: 10 }, end: { line: 7, character: 14 } }],
    )
  }
  assert.equal(await client.close(), 0)
})

test("the outline has the workflow, its tasks and what each waits for", async () => {
  const client = await startClient()
  client.open(uri, spec.text)
  const params = { textDocument: { uri } }
  const [workflow] = await client.connection.sendRequest<DocumentSymbol[]>(
    "textDocument/documentSymbol",
    params,
  )
  const outline = (symbol: DocumentSymbol): unknown =>
    symbol.children ? { [symbol.name]: symbol.children.map(outline) } : symbol.name
  assert.deepEqual(workflow && outline(workflow), {
    wgs: ["list", { map: ["list"] }, { sort: ["list"] }],
  })
  assert.equal(await client.close(), 0)
})

test("after a thousand mistakes it is only said how many more there are of each kind", async () => {
  const client = await startClient()
  const task = (i: number) =>
    `  - {name: t${i}, type: Job, image: b, commandSet: [c], dependents: [{target: nothing, type: whole}]}\n`
  const head = spec.text.slice(0, spec.text.indexOf("  - name: list"))
  client.open(uri, head + Array.from({ length: 1312 }, (_, i) => task(i)).join(""))
  const found = await client.diagnostics(uri)
  assert.equal(found.length, 1000)
  assert.equal(found.at(-1)?.message, 'There is no task "nothing". (and 312 more of this kind)')
  assert.equal(await client.close(), 0)
})

test("an edit while a large file is still being read is read, too", async () => {
  const client = await startClient()
  const head = spec.text.slice(0, spec.text.indexOf("  - name: list"))
  const task = (i: number) => `  - name: t${i}\n    type: Job\n    image: b\n    commandSet: [c]\n`
  const count = 4000
  client.open(uri, head + Array.from({ length: count }, (_, i) => task(i)).join(""))
  client.change(uri, [
    {
      range: { start: { line: 7, character: 10 }, end: { line: 7, character: 12 } },
      text: `t${count - 1}`,
    },
  ])
  const found = await client.diagnostics(uri, (all) => all.length > 0)
  assert.deepEqual(
    found.map(({ code, range }) => [code, range.start.line]),
    [["duplicate-name", 7 + 4 * (count - 1)]],
  )
  assert.equal(await client.close(), 0)
})

test("a question that is taken back while the file is read is not answered, the next one is", async () => {
  const client = await startClient()
  const task = (i: number) => `  - name: t${i}\n    type: Job\n    image: b\n    commandSet: [c]\n`
  const head = spec.text.slice(0, spec.text.indexOf("  - name: list"))
  client.open(uri, head + Array.from({ length: 20_000 }, (_, i) => task(i)).join(""))
  const asked = { textDocument: { uri }, position: { line: 1, character: 1 } }
  const source = new CancellationTokenSource()
  const answer = client.connection.sendRequest("textDocument/hover", asked, source.token)
  source.cancel()
  await assert.rejects(answer, { code: LSPErrorCodes.RequestCancelled })
  assert.notEqual(await client.connection.sendRequest("textDocument/hover", asked), null)
  assert.equal(await client.close(), 0)
})

test("a question that makes the server stumble takes no other down", async () => {
  const client = await startClient()
  client.open(uri, spec.text)
  await assert.rejects(client.connection.sendRequest("textDocument/hover", {}))
  await assert.rejects(client.connection.sendRequest("kubeExecutions/graph"))
  const asked = { textDocument: { uri }, position: { line: 1, character: 1 } }
  assert.notEqual(await client.connection.sendRequest("textDocument/hover", asked), null)
  assert.equal(await client.close(), 0)
})

test("a file over 20 MB is refused in one sentence", async () => {
  const client = await startClient()
  client.open(uri, `${spec.text}# ${"x".repeat(20_000_000)}\n`)
  const found = await client.diagnostics(uri)
  assert.deepEqual(
    found.map(({ code }) => code),
    ["too-large"],
  )
  assert.equal(await client.close(), 0)
})
