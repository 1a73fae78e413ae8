import { expect, test } from "vitest"
import { inside } from "./inside.ts"

test("a name is one step down in its folder", () => {
  expect(inside("/state", "runs", "default", "a.b-c")).toBe("/state/runs/default/a.b-c")
  expect(inside("/state", "..data", "...")).toBe("/state/..data/...")
})

test("a name that leads elsewhere is refused wherever it stands", () => {
  for (const name of ["..", ".", "", "../x", "a/b", "/etc", "a\0b"]) {
    expect(() => inside("/state", name)).toThrow(`"${name}" is no name for a folder`)
    expect(() => inside("/state", "runs", name, "x")).toThrow("no name for a folder")
  }
})
