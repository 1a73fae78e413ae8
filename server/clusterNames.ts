import type { ClusterNames } from "./protocol.ts"

export const noNames: ClusterNames = {
  claims: [],
  storageClasses: [],
  serviceAccounts: [],
  secrets: [],
  images: [],
}

/** The door for what a client says: whatever is no list of names counts as none. */
export function readClusterNames(given: unknown): ClusterNames {
  const list = (key: keyof ClusterNames): readonly string[] => {
    const value: unknown =
      typeof given === "object" && given !== null ? (given as Record<string, unknown>)[key] : []
    return Array.isArray(value) ? value.filter((name) => typeof name === "string") : []
  }
  return {
    claims: list("claims"),
    storageClasses: list("storageClasses"),
    serviceAccounts: list("serviceAccounts"),
    secrets: list("secrets"),
    images: list("images"),
  }
}
