import { expect, test } from "vitest"
import { toolFolders } from "./toolFolders.ts"

test("tools are looked for beside the file, then in two folders above it, then where genectl has them", () => {
  expect(toolFolders("/a/b/c/d/wgs.yaml", "/home/u")).toEqual({
    near: ["/a/b/c/d/tools", "/a/b/c/tools", "/a/b/tools"],
    own: "/home/u/kubegene/tools",
  })
  expect(toolFolders("C:\\lab\\wgs.yaml", undefined)).toEqual({
    near: ["C:\\lab/tools", "C:/tools"],
    own: undefined,
  })
})

test("nothing is above the root, and a text that is in no file has nothing beside it", () => {
  expect(toolFolders("/wgs.yaml", undefined).near).toEqual(["/tools"])
  expect(toolFolders(undefined, "/home/u").near).toEqual([])
})
