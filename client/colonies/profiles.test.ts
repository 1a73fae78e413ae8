import { expect, test } from "vitest"
import { ColoniesProfiles } from "./profiles.ts"

function memory() {
  const values = new Map<string, unknown>()
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  }
}

function secrets() {
  const values = new Map<string, string>()
  return {
    get: async (key: string) => values.get(key),
    store: async (key: string, value: string) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key),
    keys: async () => [...values.keys()],
    onDidChange: () => ({ dispose: () => {} }),
  }
}

test("keys are in the secret store alone, and in what the engine is asked", async () => {
  const [kept, hidden] = [memory(), secrets()]
  const profiles = new ColoniesProfiles(kept as never, hidden as never)
  const variables = { COLONIES_SERVER_HOST: "lab" }
  await profiles.save({ name: "lab", variables }, { COLONIES_PRVKEY: "very secret" })
  expect(JSON.stringify(kept.keys().map((key) => kept.get(key)))).not.toContain("very secret")
  expect(await profiles.request("lab")).toEqual({
    kind: "colonies",
    profile: { name: "lab", variables: { ...variables, COLONIES_PRVKEY: "very secret" } },
  })
  await profiles.save({ name: "lab", variables: {} }, {})
  expect(profiles.list.filter(({ name }) => name === "lab")).toHaveLength(1)
  await profiles.forget("lab")
  expect(profiles.find("lab")).toBeUndefined()
  expect(await hidden.keys()).toEqual([])
})
