import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import { pathToFileURL } from "node:url"
import type {
  CodeLens,
  CompletionItem,
  CompletionList,
  Hover,
  InlayHint,
  Position,
  SignatureHelp,
  TextEdit,
} from "vscode-languageserver-types"
import { Piece } from "#core/spec/piece"
import {
  clusterNamesNotification,
  type ToolsParams,
  type ToolsResult,
  toolsRequest,
} from "#server/protocol"
import { type Client, startClient } from "./client.mts"

const uri = "file:///w/spec.yaml"

async function started(t: TestContext, ...given: Parameters<typeof startClient>): Promise<Client> {
  const client = await startClient(...given)
  t.after(() => client.process.kill())
  return client
}

async function completions(client: Client, at: string, position: Position) {
  const params = { textDocument: { uri: at }, position }
  const list = await client.connection.sendRequest<CompletionList>(
    "textDocument/completion",
    params,
  )
  return list.items
}

/** A person who writes with Enter, Tab and completion alone. */
class Writer {
  text = ""
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
    client.open(uri, "")
  }

  get end(): Position {
    return new Piece(this.text).positionAt(this.text.length)
  }

  type(text: string): void {
    this.#edit({ range: { start: this.end, end: this.end }, newText: text })
  }

  async take(label: string): Promise<void> {
    const items = await completions(this.#client, uri, this.end)
    const item = items.find((one) => one.label === label)
    assert.ok(item, `"${label}" is not among ${items.map((one) => one.label).join(", ")}`)
    assert.ok(item.textEdit && "range" in item.textEdit)
    for (const edit of [...(item.additionalTextEdits ?? []), item.textEdit]) this.#edit(edit)
  }

  #edit({ range, newText }: TextEdit): void {
    const piece = new Piece(this.text)
    const [start, end] = [piece.offsetAt(range.start), piece.offsetAt(range.end)]
    this.text = this.text.slice(0, start) + newText + this.text.slice(end)
    this.#client.change(uri, [{ range, text: newText }])
  }
}

test("a spec of six tasks is written from an empty file with completion alone", async (t) => {
  const client = await started(t)
  const writer = new Writer(client)
  await writer.take("Execution: workflow of Kubernetes Jobs")
  for (const kind of [
    "task",
    "task after another",
    "task with a condition",
    "task that fans out",
  ]) {
    writer.type("    ")
    await writer.take(kind)
    writer.type("\n")
  }
  // The last one is put together key by key.
  writer.type("    - ")
  await writer.take("name")
  writer.type("last\n      ")
  await writer.take("image")
  await writer.take("busybox:1.36")
  writer.type("\n      ")
  await writer.take("commandSet")
  writer.type("echo last\n      ")
  await writer.take("dependents")
  await writer.take("task-5")
  writer.type("\n          ")
  await writer.take("type")
  await writer.take("whole")
  writer.type("\n      ")
  await writer.take("backoffLimit")
  writer.type("2\n")
  // What is published last is there when a later question is answered.
  await completions(client, uri, writer.end)
  const found = await client.diagnostics(uri)
  assert.deepEqual(
    found.filter(({ severity }) => severity === 1 || severity === 2).map(({ message }) => message),
    [],
  )
  assert.equal(writer.text.match(/- name: /g)?.length, 6)
  assert.equal(await client.close(), 0)
})

const spec = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: wgs
spec:
  tasks:
  - name: list
    type: Job
    image: busybox
    commandSet: [ls]
  - name: map
    type: Job
    image: busybox
    commandsIter:
      command: map.sh \${1} > \${2}
      varsIter: [[s1, s2, s3], [1, 2]]
    dependents: [{ target: list }]
`

test("a client that knows snippets gets places to stop at, another one plain text", async (t) => {
  const textDocument = { completion: { completionItem: { snippetSupport: true } } }
  const clever = await started(t, {}, { textDocument })
  const simple = await started(t)
  const text = `${spec}    \n`
  const position = { line: 17, character: 4 }
  const backoff = async (client: Client): Promise<CompletionItem | undefined> => {
    client.open(uri, text)
    return (await completions(client, uri, position)).find(({ label }) => label === "backoffLimit")
  }
  const [one, other] = [await backoff(clever), await backoff(simple)]
  assert.deepEqual([one?.insertTextFormat, one?.textEdit?.newText], [2, "backoffLimit: ${1:0}"])
  assert.deepEqual([other?.insertTextFormat, other?.textEdit?.newText], [1, "backoffLimit: "])
  assert.equal(await clever.close(), 0)
  assert.equal(await simple.close(), 0)
})

test("names of the cluster are offered as soon as the client tells them, and none before", async (t) => {
  const client = await started(t)
  const head = `${spec}    volumes:\n      data:\n        mountPath: /data\n        mountFrom:\n          pvc: `
  client.open(uri, head)
  const position = { line: 21, character: 15 }
  const labels = async () => (await completions(client, uri, position)).map(({ label }) => label)
  assert.deepEqual(await labels(), ["lab-data"])
  await client.connection.sendNotification(clusterNamesNotification, { claims: ["genomes", 7] })
  assert.deepEqual(await labels(), ["genomes"])
  await client.connection.sendNotification(clusterNamesNotification, "nonsense")
  assert.deepEqual(await labels(), ["lab-data"])
  assert.equal(await client.close(), 0)
})

test("tools come from the tool files beside a gcs workflow", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kube-executions-tools-"))
  mkdirSync(join(folder, "tools"))
  writeFileSync(
    join(folder, "tools", "bwa.yaml"),
    'name: bwa\nversion: "0.7"\nimage: bwa\n---\nname: gatk\nversion: "4"\nimage: gatk\n',
  )
  const at = pathToFileURL(join(folder, "a.gcs.yaml")).href
  const client = await started(t)
  client.open(at, "version: genecontainer_0_1\nworkflow:\n  a:\n    tool: ")
  // The folder is looked at beside everything else, so the first answer may be without it.
  let labels: readonly string[] = []
  const end = Date.now() + 30_000
  while (!labels.includes("gatk:4") && Date.now() < end) {
    labels = (await completions(client, at, { line: 3, character: 10 })).map(({ label }) => label)
  }
  assert.ok(labels.includes("bwa:0.7") && labels.includes("gatk:4"), labels.join())
  // A run is given the same ones, beside those that its own files hold.
  const files = [{ path: "samtools.yaml", text: 'name: samtools\nversion: "1"\nimage: st\n' }]
  const params: ToolsParams = { files, uri: at }
  const { near, tools } = await client.connection.sendRequest<ToolsResult>(toolsRequest, params)
  assert.deepEqual([near["bwa:0.7"], near["gatk:4"]], ["bwa", "gatk"])
  assert.deepEqual(tools, { "samtools:1": "st" })
  assert.equal(await client.close(), 0)
})

test("the lens says how many Jobs there will be, and the problems where there are some", async (t) => {
  const client = await started(t, { lenses: true })
  client.open(uri, spec)
  const lenses = async () => {
    const params = { textDocument: { uri } }
    const found = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", params)
    return found.map(({ range, command }) => `${range.start.line} ${command?.title}`)
  }
  const neighbours = ["6 needed by 1", "10 waits for 1"]
  assert.deepEqual(await lenses(), ["0 $(play) Run", "0 Graph", "0 Plan: 7 Jobs", ...neighbours])
  client.change(uri, [{ text: spec.replace("image: busybox", "imag: busybox") }])
  assert.deepEqual(await lenses(), ["0 2 problems", "0 Graph", "0 Plan", ...neighbours])
  client.change(uri, [{ text: spec.replace("[1, 2]", '[get_result, list, " "]') }])
  assert.ok((await lenses()).includes("0 Plan: 2 Jobs or more"))
  assert.equal(await client.close(), 0)
})

test("a hint beside a fan-out says how many Jobs it is, and its hover which", async (t) => {
  const client = await started(t)
  client.open(uri, spec)
  const range = { start: { line: 0, character: 0 }, end: { line: 17, character: 0 } }
  const params = { textDocument: { uri }, range }
  const hints = await client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", params)
  assert.deepEqual(
    hints.map(({ label, position }) => [label, position]),
    [
      ["6 Jobs", { line: 15, character: 15 }],
      ["whole", { line: 16, character: 31 }],
    ],
  )
  const tooltip = tooltipOf(hints[0])
  assert.deepEqual(tooltip.slice(0, 2), ["- `map.sh s1 > 1`", "- `map.sh s1 > 2`"])
  assert.equal(tooltip.at(-1), "- and 1 more")
  assert.equal(await client.close(), 0)
})

function tooltipOf(hint: InlayHint | undefined): readonly string[] {
  const tooltip = hint?.tooltip
  return typeof tooltip === "object" ? tooltip.value.split("\n") : []
}

test("the hover of a fan-out shows its first commands in at most eight lines", async (t) => {
  const client = await started(t)
  client.open(uri, spec)
  const params = { textDocument: { uri }, position: { line: 13, character: 6 } }
  const hover = await client.connection.sendRequest<Hover>("textDocument/hover", params)
  const { value } = hover.contents as { value: string }
  assert.match(value, /\*\*6 Jobs\*\*\n\n- `map\.sh s1 > 1`\n- `map\.sh s1 > 2`/)
  const lines = value.split("\n").filter((line) => line !== "" && line !== "---")
  assert.ok(lines.length <= 8, value)
  assert.equal(await client.close(), 0)
})

test("inside the brackets of a function it is said what comes next", async (t) => {
  const client = await started(t)
  const help = async (text: string) => {
    client.change(uri, [{ text: text.replace("$0", "") }])
    const position = new Piece(text).positionAt(text.indexOf("$0"))
    const params = { textDocument: { uri }, position }
    const found = await client.connection.sendRequest<SignatureHelp | null>(
      "textDocument/signatureHelp",
      params,
    )
    const [signature] = found?.signatures ?? []
    const [start = 0, end = 0] = (signature?.parameters?.[found?.activeParameter ?? 0]?.label ??
      []) as [number, number]
    return signature && `${signature.label}: ${signature.label.slice(start, end)}`
  }
  client.open(uri, "")
  const gcs = (row: string) =>
    `version: genecontainer_0_1\nworkflow:\n  a:\n    tool: n:1\n    commands_iter:\n      command: x\n      vars_iter:\n      - ${row}\n`
  assert.equal(await help(gcs("range($0")), "range(start, end, step): start")
  assert.equal(await help(gcs('"range(0, $0)"')), "range(start, end, step): end")
  assert.equal(await help(gcs("range(0, 5, 2$0)")), "range(start, end, step): step")
  assert.equal(await help(gcs("get_result(a, $0)")), 'get_result(job, "separator"): "separator"')
  assert.equal(await help(gcs("range(0, 1)$0")), undefined)
  const row = spec.replace("[1, 2]", '[get_result, list, "$0"]')
  assert.equal(await help(row), '[get_result, task, "separator"]: "separator"')
  const condition = `${spec}    condition: { condition: [check_result, $0] }\n`
  assert.equal(await help(condition), '[check_result, task, "text"]: task')
  assert.equal(await client.close(), 0)
})
