import type { ContainerFacts, PodFacts, Terminated } from "../observed.ts"
import { type Reason, type ReasonKind, reason, shorten } from "./reason.ts"

/** Why a container of the pod does not start; undefined when nothing stands in its way. */
export function containerWait(pod: PodFacts): Reason | undefined {
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const { state } = container
    if (state.kind !== "waiting") continue
    const found = waitOf(container, state.reason, state.message)
    if (found === undefined) continue
    const text = state.message === "" ? state.reason : `${state.reason}: ${state.message}`
    return {
      ...found,
      evidence: [{ source: "container", object: `Pod/${pod.name}`, text, at: undefined }],
    }
  }
  return undefined
}

function waitOf(container: ContainerFacts, why: string, message: string): Reason | undefined {
  switch (why) {
    case "ErrImagePull":
    case "ImagePullBackOff":
    case "RegistryUnavailable":
    case "ImageInspectError":
    case "SignatureValidationFailed":
      return reason("image", `image "${container.image}" cannot be pulled: ${pullFault(message)}`, {
        isStuck: true,
        field: "image",
      })
    case "InvalidImageName":
      return reason("image", `"${container.image}" is not the name of an image`, {
        isStuck: true,
        field: "image",
      })
    case "ErrImageNeverPull":
      return reason(
        "image",
        `image "${container.image}" is not on the node and may not be pulled`,
        {
          isStuck: true,
          field: "image",
        },
      )
    case "CreateContainerConfigError":
      return reason("config", configFault(message), { isStuck: true, field: "jobTemplate" })
    case "CreateContainerError":
    case "RunContainerError":
    case "PostStartHookError":
      return startFault(message)
    case "CrashLoopBackOff": {
      const ended = container.before && endOf(container, container.before, undefined)
      return (
        ended && { ...ended, isStuck: true, sentence: `${ended.sentence}; it is started again` }
      )
    }
    default:
      return undefined
  }
}

function pullFault(message: string): string {
  if (/not found|manifest unknown|does not exist/i.test(message)) return "not found"
  if (/unauthori[sz]ed|authentication required|denied|forbidden|401|403/i.test(message)) {
    return "the registry wants a login, or the image does not exist"
  }
  if (/toomanyrequests|rate limit|429/i.test(message))
    return "the registry allows no more pulls now"
  if (/no such host|dial tcp|i\/o timeout|connection refused|TLS|x509/i.test(message)) {
    return "the registry cannot be reached"
  }
  if (/no space left/i.test(message)) return "the node has no room for it"
  if (/no match for platform|exec format/i.test(message)) return "not built for this kind of node"
  // While it backs off, the kubelet says only that.
  return message === "" || /^Back-off/.test(message) ? "trying again" : shorten(message)
}

function configFault(message: string): string {
  const missing = /(secret|configmap) "([^"]+)" not found/i.exec(message)
  if (missing) return `${kindWord(missing[1])} "${missing[2]}" does not exist`
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) (\S+)/i.exec(message)
  if (key) return `${kindWord(key[2])} "${key[3]?.split("/").at(-1)}" has no key "${key[1]}"`
  if (/runAsNonRoot/.test(message)) return "the image runs as root, which the pod forbids"
  return `the container cannot be set up: ${shorten(message)}`
}

function kindWord(kind: string | undefined): string {
  return kind?.toLowerCase() === "secret" ? "Secret" : "ConfigMap"
}

function startFault(message: string): Reason {
  const program = /exec: "([^"]+)": (?:executable file not found|stat [^:]*: no such file)/.exec(
    message,
  )?.[1]
  const missing = program ?? /exec: "([^"]+)"[\s\S]*no such file or directory/.exec(message)?.[1]
  if (missing === "sh") {
    return reason("no-shell", 'the image has no "sh"; commands run as sh -c', {
      isStuck: true,
      field: "image",
    })
  }
  if (missing !== undefined) {
    return reason("not-found", `"${missing}" was not found in the image`, {
      isStuck: true,
      field: "command",
    })
  }
  if (/exec format error/.test(message)) {
    return reason("image", "the image is not built for this kind of node (exec format error)", {
      isStuck: true,
      field: "image",
    })
  }
  return reason("config", `the container cannot be started: ${shorten(message)}`, {
    isStuck: true,
  })
}

/** How the first container that ended badly did so; undefined when none did. */
export function containerEnd(pod: PodFacts, command: string | undefined): Reason | undefined {
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const ended = container.state.kind === "terminated" ? container.state : container.before
    if (ended === undefined || ended.exitCode === 0) continue
    const text = [
      `${ended.reason || "Error"}, exit code ${ended.exitCode}`,
      ...(ended.message === "" ? [] : [ended.message]),
    ].join(": ")
    return {
      ...endOf(container, ended, command),
      since: ended.finishedAt,
      evidence: [{ source: "container", object: `Pod/${pod.name}`, text, at: ended.finishedAt }],
    }
  }
  return undefined
}

function endOf(container: ContainerFacts, ended: Terminated, command: string | undefined): Reason {
  const { exitCode } = ended
  const code = `exit code ${exitCode}`
  if (ended.reason === "OOMKilled") {
    const limit =
      container.memoryLimit === undefined
        ? "the node had no memory left"
        : `the limit is ${container.memoryLimit}`
    return failed("out-of-memory", `ran out of memory: ${limit} (OOMKilled, ${code})`, "memory")
  }
  // Kubernetes gives it the exit code of signal 9, but nobody saw the end.
  if (ended.reason === "ContainerStatusUnknown") {
    const why = ended.message === "" ? " (ContainerStatusUnknown)" : `: ${shorten(ended.message)}`
    return failed("killed", `lost its process, and nobody saw how it ended${why}`, undefined)
  }
  if (ended.reason === "StartError" || ended.reason === "ContainerCannotRun") {
    const { kind, sentence, field } = startFault(ended.message)
    return reason(kind, sentence, { field })
  }
  switch (exitCode) {
    case 126:
      return failed(
        "not-executable",
        `${programOf(command)} is not executable (${code})`,
        "command",
      )
    case 127:
      return failed(
        "not-found",
        `${programOf(command)} was not found in the image (${code})`,
        "command",
      )
    case 137: {
      const limit = container.memoryLimit === undefined ? "" : ", the limit was not reached"
      return failed("killed", `ended by signal 9 from outside (${code})${limit}`, undefined)
    }
    case 139:
      return failed("crashed", `crashed: a segmentation fault (signal 11, ${code})`, "command")
    default:
      if (exitCode > 128 && exitCode <= 192) {
        return failed("killed", `ended by signal ${exitCode - 128} (${code})`, "command")
      }
      return failed("exit-code", `command ended with ${code}`, "command")
  }
}

function failed(kind: ReasonKind, sentence: string, field: Reason["field"]): Reason {
  return reason(kind, sentence, { field })
}

/** The program is named only where the command leaves no doubt which one it was. */
function programOf(command: string | undefined): string {
  const first = command?.trim().split(/\s+/)[0]
  const isPlain = command !== undefined && !/[;&|<>()$`"'\\\n=]/.test(command)
  return isPlain && first !== undefined && first !== "" ? `"${first}"` : "a program of the command"
}
