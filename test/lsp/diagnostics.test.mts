import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { graphRequest, runCommand, showGraphCommand, showPlanCommand } from "#server/protocol"
import { startClient } from "./client.mts"

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/execution/${name}.yaml`, import.meta.url), "utf8")

test("a dependency on a task that is not there is said at its place, and goes when it is put right", async () => {
  const client = await startClient()
  const uri = "file:///w/unknown-dependency.yaml"
  client.open(uri, fixture("unknown-dependency"))
  const [found] = await client.diagnostics(uri)
  assert.equal(found?.code, "unknown-dependency")
  assert.equal(found.message, 'There is no task "fecth": did you mean "fetch"?')
  const { start, end } = found.range
  assert.deepEqual([start.line, start.character, end.character], [14, 29, 34])
  client.change(uri, [{ range: found.range, text: "fetch" }])
  assert.deepEqual(await client.diagnostics(uri), [])
  assert.equal(await client.close(), 0)
})

test("a file that is none of ours gets nothing", async () => {
  const client = await startClient()
  const uri = "file:///w/job.yaml"
  client.open(uri, "apiVersion: batch/v1\nkind: Job\nspec: [\n")
  assert.deepEqual(await client.diagnostics(uri), [])
  assert.equal(await client.close(), 0)
})

test("the lens that runs a workflow is sent only to a client that asked for lenses", async () => {
  const uri = "file:///w/diamond.yaml"
  const asking = await startClient({ lenses: true })
  asking.open(uri, fixture("diamond"))
  const lenses = await asking.connection.sendRequest<{ command: unknown }[]>(
    "textDocument/codeLens",
    { textDocument: { uri } },
  )
  assert.deepEqual(
    lenses.slice(0, 3).map((lens) => lens.command),
    [
      { title: "$(play) Run", command: runCommand, arguments: [uri, 0] },
      { title: "Graph", command: showGraphCommand, arguments: [uri, 0] },
      { title: "Plan: 4 Jobs", command: showPlanCommand, arguments: [uri, 0] },
    ],
  )
  assert.equal(await asking.close(), 0)

  const other = await startClient()
  assert.equal(other.capabilities.codeLensProvider, undefined)
  assert.equal(await other.close(), 0)
})

test("the graph of a workflow can be asked for", async () => {
  const client = await startClient()
  const uri = "file:///w/diamond.yaml"
  client.open(uri, fixture("diamond"))
  const graph = await client.connection.sendRequest(graphRequest, { uri })
  assert.deepEqual(graph, {
    name: "diamond",
    dialect: "execution",
    nodes: ["a", "b", "c", "d"].map((task) => ({
      id: `${task}.0`,
      task,
      index: 0,
      dynamic: false,
    })),
    edges: [
      { from: "a.0", to: "b.0" },
      { from: "a.0", to: "c.0" },
      { from: "b.0", to: "d.0" },
      { from: "c.0", to: "d.0" },
    ],
  })
  assert.equal(await client.close(), 0)
})
