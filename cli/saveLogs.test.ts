import { expect, test } from "vitest"
import type { EngineNotifications } from "#engine/protocol"
import { stateFolder } from "#engine/stateFolder"
import type { LivePlace } from "./livePlace.ts"
import { memoryIo } from "./memoryIo.fixture.ts"
import { logFolder, saveLogs } from "./saveLogs.ts"

type Text = (text: EngineNotifications["log/text"]) => void
type End = (end: EngineNotifications["log/end"]) => void

/** A place whose steps have printed these lines, told in pieces. */
function placeWith(printed: Readonly<Record<string, readonly string[][]>>) {
  let text: Text = () => {}
  let end: End = () => {}
  let open = 0
  let most = 0
  const engine = {
    onNotification: (method: string, handler: never) => {
      if (method === "log/text") text = handler
      if (method === "log/end") end = handler
    },
    call: async (_method: string, { log }: { log: string }) => {
      most = Math.max(most, ++open)
      setImmediate(() => {
        for (const lines of printed[log] ?? [])
          text({ log, step: log, pod: "p", container: "c", lines })
        open--
        end({ log })
      })
      return null
    },
    gone: new Promise<never>(() => {}),
  }
  const place = { engine, info: { id: "p" } } as unknown as LivePlace
  return { place, most: () => most }
}

test("each step has a file with all its lines in order, also a step that printed nothing", async () => {
  const io = memoryIo()
  const { place } = placeWith({ "a.0": [["1", "2"], ["3"]], "b.1": [["x"]] })
  await saveLogs(place, "wgs", ["a.0", "b.1", "c.2"], "/logs", io)
  expect(Object.fromEntries(io.appended)).toEqual({
    "/logs/a.0.log": "1\n2\n3\n",
    "/logs/b.1.log": "x\n",
    "/logs/c.2.log": "",
  })
})

test("of many steps a few are read at a time", async () => {
  const steps = Array.from({ length: 50 }, (_, i) => `a.${i}`)
  const io = memoryIo()
  const { place, most } = placeWith({})
  await saveLogs(place, "wgs", steps, "/logs", io)
  expect([io.appended.size, most()]).toEqual([50, 8])
})

test("logs are saved where the engine keeps what has to stay", () => {
  const { place } = placeWith({})
  const environments: Record<string, string>[] = [
    { HOME: "/home/ann", XDG_STATE_HOME: "" },
    { KUBE_EXECUTIONS_HOME: "/own" },
  ]
  for (const env of environments) {
    const folder = logFolder("wgs", { ...place.info, namespace: "gene" }, memoryIo({ env }))
    expect(folder.startsWith(`${stateFolder(env)}/logs/gene/wgs/`)).toBe(true)
  }
})
