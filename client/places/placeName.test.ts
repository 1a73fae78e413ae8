import { expect, test } from "vitest"
import { placeName } from "./placeName.ts"

const found = { id: "", kubeconfig: "", namespace: "default", server: "" }

test("a cluster is named with its namespace, this machine and a rehearsal without", () => {
  expect(placeName({ ...found, kind: "kube", context: "lab" })).toBe("lab / default")
  expect(placeName({ ...found, kind: "local", context: "This machine" })).toBe("This machine")
  expect(placeName({ ...found, kind: "rehearsal", context: "Rehearsal" })).toBe("Rehearsal")
})
