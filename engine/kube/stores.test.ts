import { expect, test } from "vitest"
import { ClusterError, type ClusterErrorKind } from "../clusterError.ts"
import { chooseStores } from "./chooseStores.ts"
import { configMapStore } from "./configMapStore.ts"
import type { Connection } from "./connection.ts"
import { executionStore } from "./executionStore.ts"
import { StoredRuns } from "./storedRuns.ts"

/** A server that knows Executions and has none, and answers so when ConfigMaps are asked for. */
function serverWith(configMaps: ClusterErrorKind): Connection {
  return {
    server: "lab",
    request: async ({ path }) => {
      if (path.includes("/configmaps")) throw new ClusterError(configMaps, configMaps)
      if (path.endsWith("/executions/old")) throw new ClusterError("not-found", "not found")
      return {}
    },
    stream: () => Promise.reject(new Error("a watch was not expected")),
    socket: () => Promise.reject(new Error("a socket was not expected")),
    close: async () => {},
  }
}

const read = (configMaps: ClusterErrorKind) => {
  const stores = { first: executionStore, other: configMapStore }
  const connection = serverWith(configMaps)
  const setting = { connection, namespace: "gene", stores, onRun: () => {}, onStale: () => {} }
  return new StoredRuns(setting).read("gene/old")
}

test("a run is missing where it is in no store, or in none that may be seen", async () => {
  expect(await read("not-found")).toBeUndefined()
  expect(await read("forbidden")).toBeUndefined()
})

test.each(["offline", "busy", "server", "unauthorized"] as const)(
  "whether a run is missing is open while a store answers %s",
  async (kind) => {
    await expect(read(kind)).rejects.toThrow(kind)
    await expect(chooseStores(serverWith(kind), "gene", false)).rejects.toThrow(kind)
  },
)

test("who may not see ConfigMaps has his runs in Executions", async () => {
  expect(await chooseStores(serverWith("forbidden"), "gene", false)).toEqual({
    first: executionStore,
  })
})
