import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { ClusterError, factsOf } from "../clusterError.ts"
import { loadKubeconfig } from "./kubeconfig.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const config = (context: string, server: string, current = "") => `
apiVersion: v1
kind: Config
current-context: "${current}"
clusters: [{name: c, cluster: {server: "${server}"}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: ${context}, context: {cluster: c, user: u}}]
`

test("of several files the first word counts, and files that are not there are passed over", () => {
  const paths = [
    join(folder, "absent"),
    file("a", config("one", "https://first")),
    file("b", config("two", "https://second", "two")),
  ]
  const merged = loadKubeconfig(paths.join(delimiter))
  expect(merged.contexts.map((each) => each.name)).toEqual(["one", "two"])
  expect(merged.getCluster("c")?.server).toBe("https://first")
  expect(merged.currentContext).toBe("two")
})

test("no file at all is said with the names that were looked for", () => {
  const path = join(folder, "absent")
  expect(() => loadKubeconfig(path)).toThrow(`No kubeconfig: "${path}" is not there.`)
})

test("a file that cannot be read is named, with the line", () => {
  const path = file("broken", "apiVersion: v1\nclusters:\n  - name: [\nusers: }\n")
  expect(() => loadKubeconfig(path)).toThrow(`The kubeconfig "${path}", line 4, cannot be read:`)
  expect(factsOf(errorOf(path))).toEqual({ fault: "broken", file: path, line: 4 })
  expect(factsOf(errorOf(join(folder, "absent")))).toEqual({ fault: "no-kubeconfig" })
})

function errorOf(path: string): ClusterError {
  try {
    loadKubeconfig(path)
  } catch (error) {
    if (error instanceof ClusterError) return error
  }
  throw new Error(`"${path}" can be read.`)
}

test("a file that is empty or is no kubeconfig does not crash us", () => {
  expect(loadKubeconfig(file("empty", "")).contexts).toEqual([])
})
