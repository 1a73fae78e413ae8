import { isObject, type JsonObject, listOf, objectOf, textOf } from "../plan/json.ts"

/** What Kubernetes says of a Job or a pod by itself. */
export interface ConditionView {
  readonly type: string
  /** Null where Kubernetes does not know. */
  readonly isTrue: boolean | null
  readonly since: string | null
  readonly reason: string
  readonly message: string
}

/** In the order in which they came to be so. */
export function conditionsOf(object: JsonObject): readonly ConditionView[] {
  return listOf(objectOf(object.status).conditions)
    .flatMap((one): ConditionView[] => {
      const type = isObject(one) ? textOf(one.type) : undefined
      if (!isObject(one) || type === undefined) return []
      const { status } = one
      return [
        {
          type,
          isTrue: status === "True" ? true : status === "False" ? false : null,
          since: textOf(one.lastTransitionTime) ?? textOf(one.lastProbeTime) ?? null,
          reason: textOf(one.reason) ?? "",
          message: textOf(one.message) ?? "",
        },
      ]
    })
    .sort((a, b) => Date.parse(a.since ?? "") - Date.parse(b.since ?? "") || 0)
}
