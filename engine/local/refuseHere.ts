import type { JobManifest } from "#core/plan/jobManifest"
import { type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"
import { labelFault, nameSentence, subdomainFault } from "#core/spec/dnsName"
import type { RuntimeKind } from "./runtime.ts"

/** Why this machine cannot or must not run a Job, in a sentence; undefined when it can. */
export function refuseHere(manifest: JobManifest, runtime: RuntimeKind): string | undefined {
  const pod = objectOf(objectOf(manifest.spec.template).spec)
  const step = manifest.metadata.name
  // Names become folders here: whatever leads elsewhere is not one that Kubernetes takes.
  const fault = subdomainFault(step)
  if (fault !== undefined) return nameSentence("The Job", step, fault)
  for (const [key, what] of hostKeys) {
    if (pod[key] === true) {
      return `"${step}" asks for the ${what} of the machine ("${key}"), which is not given here.`
    }
  }
  for (const volume of listOf(pod.volumes).map(objectOf)) {
    const sentence = refuseVolume(volume, runtime)
    if (sentence !== undefined) return `"${step}": ${sentence}`
  }
  const mounted = new Set(listOf(pod.volumes).map((one) => textOf(objectOf(one).name)))
  for (const container of [...listOf(pod.initContainers), ...listOf(pod.containers)].map(
    objectOf,
  )) {
    const sentence = refuseContainer(container, mounted, runtime)
    if (sentence !== undefined) return `"${step}": ${sentence}`
  }
  return undefined
}

const hostKeys = [
  ["hostNetwork", "network"],
  ["hostPID", "processes"],
  ["hostIPC", "shared memory"],
] as const

function refuseVolume(volume: JsonObject, runtime: RuntimeKind): string | undefined {
  const name = textOf(volume.name) ?? ""
  const fault = labelFault(name)
  if (fault !== undefined) return nameSentence("the volume", name, fault)
  if (volume.persistentVolumeClaim !== undefined) {
    const claim = textOf(objectOf(volume.persistentVolumeClaim).claimName) ?? ""
    const claimFault = subdomainFault(claim)
    return claimFault === undefined ? undefined : nameSentence("the claim", claim, claimFault)
  }
  if (volume.emptyDir !== undefined) return undefined
  if (volume.hostPath !== undefined) {
    const sentence = `the volume "${name}" is a folder of the machine (hostPath), which is not given here. Name a claim instead`
    return runtime === "bubblewrap"
      ? `${sentence}, or leave the volume out and list the folder in kubeExecutions.local.readOnly to read it.`
      : `${sentence}.`
  }
  const kind = Object.keys(volume).find((key) => key !== "name") ?? "of no kind"
  return `the volume "${name}" is ${kind}, which only a cluster has.`
}

function refuseContainer(
  container: JsonObject,
  mounted: ReadonlySet<string | undefined>,
  runtime: RuntimeKind,
): string | undefined {
  const name = textOf(container.name) ?? ""
  const security = objectOf(container.securityContext)
  if (security.privileged === true) {
    return `the container "${name}" wants to be privileged, which is not given here.`
  }
  if (listOf(container.envFrom).length > 0) {
    return `the container "${name}" takes its environment from a Secret or ConfigMap, which only a cluster has.`
  }
  for (const one of listOf(container.env).map(objectOf)) {
    const from = objectOf(one.valueFrom)
    const [kind] = Object.keys(from)
    if (kind === undefined) continue
    const field = textOf(objectOf(from.fieldRef).fieldPath)
    if (field !== undefined && knownFields.has(field)) continue
    return `the variable "${textOf(one.name)}" comes from a ${kind}, which only a cluster has. Give it a value.`
  }
  for (const mount of listOf(container.volumeMounts).map(objectOf)) {
    const volume = textOf(mount.name)
    if (!mounted.has(volume))
      return `the container "${name}" mounts "${volume}", which is no volume.`
    const below = textOf(mount.subPath) ?? ""
    if (isUpwards(below) || below.startsWith("/")) {
      return `the container "${name}" mounts "${below}" of "${volume}", which leads out of it.`
    }
    const at = textOf(mount.mountPath) ?? ""
    if (isUpwards(at)) return upwards(name, "mounts a volume at", at)
    const odd =
      runtime === "bubblewrap" ? undefined : [at, below].find((path) => path.includes(","))
    if (odd !== undefined) {
      return `the container "${name}" mounts "${odd}": ${runtime} reads what follows the comma as a setting. Take a path without one.`
    }
  }
  const workingDir = textOf(container.workingDir) ?? ""
  if (isUpwards(workingDir)) return upwards(name, "works in", workingDir)
  const image = textOf(container.image) ?? ""
  if (image.startsWith("-")) {
    return `the container "${name}" has the image "${image}", which would be read as an option. The name of an image begins with a letter or digit.`
  }
  const resources = objectOf(objectOf(container.resources).limits)
  const device = Object.keys(resources).find((key) => key.includes("/"))
  if (device !== undefined) {
    return `the container "${name}" asks for ${device}, which is not handed out here.`
  }
  if (runtime === "bubblewrap" && listOf(container.command).length === 0) {
    return `the container "${name}" has no command. What its image would run is not known without the image.`
  }
  return undefined
}

function isUpwards(path: string): boolean {
  return path.split("/").includes("..")
}

function upwards(container: string, does: string, path: string): string {
  return `the container "${container}" ${does} "${path}", which goes up again with "..". Write the path it leads to.`
}

const knownFields = new Set(["metadata.name", "metadata.uid", "metadata.namespace"])
