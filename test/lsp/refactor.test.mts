import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { pathToFileURL } from "node:url"
import { LSPErrorCodes } from "vscode-languageserver/node"
import type {
  CodeAction,
  DocumentHighlight,
  DocumentLink,
  FoldingRange,
  Location,
  Range,
  SelectionRange,
  TextEdit,
  WorkspaceEdit,
  WorkspaceSymbol,
} from "vscode-languageserver-types"
import { type Client, startClient } from "./client.mts"

const uri = "file:///w/spec.yaml"

const spec = `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: wgs
spec:
  tasks:
  - name: list
    type: Job
    image: busybox
    commands: ["ls"]
  - name: sort
    type: Job
    image: busybox
    commandSet: ["sort"]
    dependents: [{ target: list }]
`

const inName = { line: 14, character: 29 }

function apply(text: string, edits: readonly TextEdit[] | undefined): string {
  const lines = text.split("\n")
  const offset = ({ line, character }: Range["start"]) =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character
  return [...(edits ?? [])]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (all, { range, newText }) =>
        all.slice(0, offset(range.start)) + newText + all.slice(offset(range.end)),
      text,
    )
}

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = await startClient()
  client.open(uri, spec)
  await work(client)
  assert.equal(await client.close(), 0)
}

const ask = <T,>(client: Client, method: string, more: object = {}) =>
  client.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, ...more })

test("a task is found, lit up, linked and renamed wherever it is named", () =>
  withClient(async (client) => {
    const at = { position: inName }
    const found = await ask<Location[]>(client, "references", {
      ...at,
      context: { includeDeclaration: true },
    })
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [6, 14],
    )
    const lit = await ask<DocumentHighlight[]>(client, "documentHighlight", at)
    assert.deepEqual(
      lit.map(({ kind }) => kind),
      [3, 2],
    )
    const linked = await ask<{ ranges: Range[] }>(client, "linkedEditingRange", at)
    assert.equal(linked.ranges.length, 2)
    const asked = await ask<{ placeholder: string }>(client, "prepareRename", at)
    assert.equal(asked.placeholder, "list")
    const { changes } = await ask<WorkspaceEdit>(client, "rename", { ...at, newName: "files" })
    assert.equal(
      apply(spec, changes?.[uri]),
      spec.replace("name: list", "name: files").replace("target: list", "target: files"),
    )
    await assert.rejects(ask(client, "rename", { ...at, newName: "sort" }), {
      code: LSPErrorCodes.RequestFailed,
      message: 'Another task is named "sort": each needs a name of its own.',
    })
    assert.equal(await ask(client, "prepareRename", { position: { line: 1, character: 1 } }), null)
  }))

test("a mistake is mended, all of them at once on request, or never heard of again", () =>
  withClient(async (client) => {
    const diagnostics = await client.diagnostics(uri, (all) => all.length > 0)
    const deprecated = diagnostics.find(({ code }) => code === "deprecated-key")
    assert.ok(deprecated)
    const actions = (range: Range, only?: string[]) =>
      ask<CodeAction[]>(client, "codeAction", { range, context: { diagnostics, only } })
    const fixes = await actions(deprecated.range, ["quickfix"])
    assert.deepEqual(
      fixes.map(({ title, isPreferred = false }) => [title, isPreferred]),
      [
        ['Rename this key to "commandSet"', true],
        ['Say no more of "deprecated-key" in this line', false],
      ],
    )
    assert.deepEqual(fixes[0]?.diagnostics, [deprecated])
    const [all] = await actions(deprecated.range, ["source.fixAll"])
    const mended = apply(spec, all?.edit?.changes?.[uri])
    assert.equal(
      mended,
      spec.replace("commands:", "commandSet:").replace("target: list", "target: list, type: whole"),
    )
    client.change(uri, [{ text: mended }])
    assert.deepEqual(await client.diagnostics(uri), [])
  }))

test("all mistakes of a kind are mended by one action, made when it is chosen", async () => {
  const client = await startClient()
  const text = spec.replace("commandSet:", "commands:")
  client.open(uri, text)
  const diagnostics = await client.diagnostics(uri, (all) => all.length > 0)
  const range = { start: { line: 9, character: 6 }, end: { line: 9, character: 6 } }
  const actions = await ask<CodeAction[]>(client, "codeAction", { range, context: { diagnostics } })
  const all = actions.find(({ title }) => title === 'Fix all of "deprecated-key"')
  assert.ok(all)
  const { edit } = await client.connection.sendRequest<CodeAction>("codeAction/resolve", all)
  assert.equal(apply(text, edit?.changes?.[uri]), text.replaceAll("commands:", "commandSet:"))
  assert.equal(await client.close(), 0)
})

test("the file folds, selections grow, symbols of open files are found, and it is laid out", () =>
  withClient(async (client) => {
    const folds = await ask<FoldingRange[]>(client, "foldingRange")
    assert.ok(folds.some(({ startLine, endLine }) => startLine === 6 && endLine === 9))
    const [selection] = await ask<SelectionRange[]>(client, "selectionRange", {
      positions: [inName],
    })
    assert.deepEqual(selection?.parent?.range, {
      start: { line: 14, character: 19 },
      end: { line: 14, character: 31 },
    })
    const symbols = await client.connection.sendRequest<WorkspaceSymbol[]>("workspace/symbol", {
      query: "lst",
    })
    assert.deepEqual(
      symbols.map(({ name, containerName }) => [name, containerName]),
      [["list", "wgs"]],
    )
    const options = { tabSize: 4, insertSpaces: true }
    client.change(uri, [{ text: spec.replace("type: Job", "type:    Job  ") }])
    const edits = await ask<TextEdit[]>(client, "formatting", { options })
    assert.equal(edits.length, 2)
    const line = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }
    assert.deepEqual(await ask(client, "rangeFormatting", { options, range: line }), [])
  }))

test("a tool leads to the file that says what it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kube-executions-"))
  mkdirSync(join(folder, "tools"))
  writeFileSync(
    join(folder, "tools", "bwa.yaml"),
    "# tools\nname: bwa\nversion: '0.6'\nimage: b\n---\nname: bwa\nversion: '0.7'\nimage: b\n",
  )
  const file = pathToFileURL(join(folder, "x.gcs.yaml")).href
  const client = await startClient()
  client.open(
    file,
    'version: genecontainer_0_1\nworkflow:\n  a:\n    tool: "bwa:0.7"\n    commands: [ls]\n  b: { tool: no:1, commands: [ls] }\n',
  )
  const textDocument = { uri: file }
  const target = pathToFileURL(join(folder, "tools", "bwa.yaml")).href
  let links: readonly DocumentLink[] = []
  // The folder is read beside everything else, so the first answers may come before it.
  for (const end = Date.now() + 30_000; links.length === 0 && Date.now() < end; ) {
    links = await client.connection.sendRequest("textDocument/documentLink", { textDocument })
  }
  const range = { start: { line: 3, character: 11 }, end: { line: 3, character: 18 } }
  assert.deepEqual(links, [{ range, target: `${target}#6`, tooltip: 'What "bwa:0.7" is' }])
  const found = await client.connection.sendRequest<Location[]>("textDocument/definition", {
    textDocument,
    position: range.start,
  })
  assert.deepEqual(
    found.map((place) => [place.uri, place.range.start.line]),
    [[target, 5]],
  )
  assert.equal(await client.close(), 0)
})

test("a file written in the other notation is called so, where the client can rename files", async () => {
  const workspace = {
    workspaceEdit: { documentChanges: true, resourceOperations: ["rename"] },
  }
  for (const capabilities of [{ workspace }, {}]) {
    const client = await startClient({}, capabilities)
    client.open(uri, spec)
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    const context = { diagnostics: [], only: ["refactor"] }
    const actions = await ask<CodeAction[]>(client, "codeAction", { range, context })
    const json = actions.find(({ title }) => title === "Write this file as JSON")
    const changes = json?.edit?.documentChanges ?? []
    const newUri = uri.replace(".yaml", ".json")
    if (capabilities.workspace)
      assert.deepEqual(changes[0], { kind: "rename", oldUri: uri, newUri })
    else assert.equal(json?.edit?.changes?.[uri]?.length, 1)
    assert.equal(await client.close(), 0)
  }
})
