import { type JsonObject, listOf, objectOf, textOf } from "../plan/json.ts"

export function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

export function controllerUid(metadata: JsonObject): string | undefined {
  const owners = listOf(metadata.ownerReferences).map(objectOf)
  return textOf(owners.find((owner) => owner.controller === true)?.uid)
}
