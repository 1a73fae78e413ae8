import { type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"

/** One container as this machine is to run it. */
export interface ContainerPlan {
  readonly name: string
  readonly isInit: boolean
  readonly image: string
  /** Empty: the image's own. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string | undefined
  readonly mounts: readonly Mount[]
  readonly memory: string | undefined
  readonly cpu: string | undefined
}

export interface Mount {
  readonly volume: Volume
  /** What of the volume is mounted; undefined: all of it. */
  readonly below: string | undefined
  readonly at: string
  readonly isReadOnly: boolean
}

/** A claim is the run's, scratch space the pod's. */
export interface Volume {
  readonly kind: "claim" | "scratch"
  readonly name: string
}

export interface PodNames {
  readonly name: string
  readonly uid: string
  readonly namespace: string
}

/** Init containers first, in their order. Expects a pod that `refuseHere` has nothing against. */
export function containerPlans(pod: JsonObject, names: PodNames): readonly ContainerPlan[] {
  const volumes = new Map(
    listOf(pod.volumes)
      .map(objectOf)
      .map((volume) => [textOf(volume.name) ?? "", volume]),
  )
  const plan = (written: JsonObject, isInit: boolean): ContainerPlan => {
    const env = environment(written, names)
    const limits = objectOf(objectOf(written.resources).limits)
    return {
      name: textOf(written.name) ?? "",
      isInit,
      image: textOf(written.image) ?? "",
      command: [...texts(written.command), ...texts(written.args)].map((text) =>
        filledIn(text, env),
      ),
      env,
      workingDir: textOf(written.workingDir),
      mounts: listOf(written.volumeMounts)
        .map(objectOf)
        .map((mount) => mountOf(mount, volumes)),
      memory: amount(limits.memory),
      cpu: amount(limits.cpu),
    }
  }
  return [
    ...listOf(pod.initContainers).map((one) => plan(objectOf(one), true)),
    ...listOf(pod.containers).map((one) => plan(objectOf(one), false)),
  ]
}

function mountOf(mount: JsonObject, volumes: ReadonlyMap<string, JsonObject>): Mount {
  const name = textOf(mount.name) ?? ""
  const claim = objectOf(volumes.get(name)?.persistentVolumeClaim)
  const claimName = textOf(claim.claimName)
  return {
    volume:
      claimName === undefined ? { kind: "scratch", name } : { kind: "claim", name: claimName },
    below: textOf(mount.subPath),
    at: textOf(mount.mountPath) ?? "",
    isReadOnly: mount.readOnly === true || claim.readOnly === true,
  }
}

function environment(container: JsonObject, { name, uid, namespace }: PodNames) {
  const env: Record<string, string> = {}
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": name,
    "metadata.uid": uid,
    "metadata.namespace": namespace,
  }
  for (const one of listOf(container.env).map(objectOf)) {
    const key = textOf(one.name)
    if (key === undefined) continue
    const field = textOf(objectOf(objectOf(one.valueFrom).fieldRef).fieldPath)
    env[key] = field === undefined ? filledIn(textOf(one.value) ?? "", env) : (fields[field] ?? "")
  }
  return env
}

/**
 * `$(NAME)` becomes the variable's value if there is such a variable, and `$$(NAME)` the text
 * `$(NAME)`, as a kubelet does it.
 */
function filledIn(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$?)\(([-\w.]+)\)/g, (written, escaped: string, name: string) =>
    escaped === "" ? (env[name] ?? written) : written.slice(1),
  )
}

function texts(value: JsonObject[string] | undefined): readonly string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? [])
}

function amount(value: JsonObject[string] | undefined): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value)
}
