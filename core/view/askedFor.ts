import { isObject, type JsonObject, listOf, numberOf, objectOf, textOf } from "../plan/json.ts"

/** What a Job asked of its cluster, of its first container where it has several. */
export interface AskedFor {
  readonly image: string | null
  readonly cpu: Asked | null
  readonly memory: Asked | null
  readonly volumes: readonly { readonly path: string; readonly from: string }[]
  readonly backoffLimit: number | null
}

interface Asked {
  readonly request: string | null
  readonly limit: string | null
}

export function askedFor(job: JsonObject): AskedFor {
  const spec = objectOf(job.spec)
  const pod = objectOf(objectOf(spec.template).spec)
  const container = objectOf(listOf(pod.containers)[0])
  const volumes = new Map(
    listOf(pod.volumes).flatMap((one) => {
      const name = isObject(one) ? textOf(one.name) : undefined
      return name === undefined || !isObject(one) ? [] : [[name, sourceOf(one)] as const]
    }),
  )
  return {
    image: textOf(container.image) ?? null,
    cpu: asked(container, "cpu"),
    memory: asked(container, "memory"),
    volumes: listOf(container.volumeMounts).flatMap((mount) => {
      const { mountPath, name } = objectOf(mount)
      const path = textOf(mountPath)
      const known = textOf(name)
      return path && known ? [{ path, from: volumes.get(known) ?? known }] : []
    }),
    backoffLimit: numberOf(spec.backoffLimit) ?? null,
  }
}

function asked(container: JsonObject, what: string): Asked | null {
  const { requests, limits } = objectOf(container.resources)
  const amount = (from: unknown) => {
    const value = objectOf(from)[what]
    return value === undefined || value === null ? null : String(value)
  }
  const [request, limit] = [amount(requests), amount(limits)]
  // A cluster takes the limit for the request where only the limit is said.
  return request === null && limit === null ? null : { request: request ?? limit, limit }
}

/** The name of the claim, config map or secret, or the kind of volume it is. */
function sourceOf(volume: JsonObject): string {
  const claim = textOf(objectOf(volume.persistentVolumeClaim).claimName)
  const config = textOf(objectOf(volume.configMap).name)
  const secret = textOf(objectOf(volume.secret).secretName)
  const kind = Object.keys(volume).find((key) => key !== "name") ?? "volume"
  return claim ?? config ?? secret ?? kind
}
