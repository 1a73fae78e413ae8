import { delimiter, resolve } from "node:path"
import type { ColoniesProfile, KubeRequest, PlaceRequest } from "#engine/protocol"
import type { Io } from "./io.ts"

/** Where a command looks and works: the same words as kubectl's. */
export const placeOptions = {
  place: {
    kind: "value",
    placeholder: "PLACE",
    choices: ["kube", "local", "rehearsal"],
    help: "kube: a cluster (default); local: this machine; rehearsal: nothing runs, a simulation",
  },
  context: { kind: "value", placeholder: "C", help: "context of the kubeconfig" },
  namespace: { kind: "value", short: "n", placeholder: "NS", help: "namespace" },
  kubeconfig: {
    kind: "value",
    placeholder: "FILE",
    help: "kubeconfig (default KUBECONFIG, else ~/.kube/config)",
  },
} as const

/** As `placeOptions`, for what can be done at a Colonies server too. */
export const anyPlaceOptions = {
  ...placeOptions,
  place: {
    ...placeOptions.place,
    choices: ["kube", "local", "rehearsal", "colonies"],
    help: "kube: a cluster (default); local: this machine; rehearsal: a simulation; colonies: a Colonies server",
  },
  "colony-env": {
    kind: "value",
    placeholder: "FILE",
    help: 'with --place colonies: a file of export K="V" lines (default: COLONIES_* and AWS_S3_* as they are set)',
  },
  "skip-verify": { kind: "flag", help: "with --place colonies: accept any certificate" },
  insecure: { kind: "flag", help: "with --place colonies: plain HTTP instead of TLS" },
} as const

export interface PlaceValues {
  readonly place?: "kube" | "local" | "rehearsal" | "colonies"
  readonly "colony-env"?: string
  readonly "skip-verify"?: true
  readonly insecure?: true
  readonly context?: string
  readonly namespace?: string
  readonly kubeconfig?: string
  readonly "without-definition"?: true
}

export function placeRequest(values: PlaceValues, io: Io): PlaceRequest {
  switch (values.place) {
    case "local":
    case "rehearsal":
      return { kind: values.place }
    case "colonies":
      return { kind: "colonies", profile: coloniesProfile(values, io) }
    default:
      return kubeRequest(values, io)
  }
}

/** What is set here, or in a file: the engine has another environment and another working folder than we. */
export function coloniesProfile(
  {
    "colony-env": file,
    "skip-verify": skipVerify,
    insecure,
  }: Pick<PlaceValues, "colony-env" | "skip-verify" | "insecure">,
  io: Io,
): ColoniesProfile {
  const variables = Object.entries(io.env).flatMap(([name, value]) =>
    /^(COLONIES|AWS_S3)_/.test(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return {
    name: file ?? "environment",
    variables: Object.fromEntries(variables),
    ...(file === undefined ? {} : { file: resolve(file) }),
    ...(skipVerify ? { skipVerify } : {}),
    ...(insecure ? { insecure } : {}),
  }
}

/** The engine has another working folder than we, so paths go to it whole. */
export function kubeRequest(values: PlaceValues, io: Io): KubeRequest {
  const paths = values.kubeconfig ?? io.env.KUBECONFIG
  const kubeconfig = paths
    ?.split(delimiter)
    .filter(Boolean)
    .map((path) => resolve(path))
    .join(delimiter)
  return {
    kind: "kube",
    kubeconfig: kubeconfig || undefined,
    context: values.context || undefined,
    namespace: values.namespace || undefined,
    ...(values["without-definition"] ? { withoutDefinition: true } : {}),
  }
}

/** A command to type next, with the options that lead to the same place. */
export function nextCommand(words: string, values: PlaceValues, io: Io): string {
  const isColony = values.place === "colonies"
  const options = [
    values.place && values.place !== "kube" ? ` --place ${values.place}` : "",
    isColony && values["colony-env"] ? ` --colony-env ${values["colony-env"]}` : "",
    isColony && values["skip-verify"] ? " --skip-verify" : "",
    isColony && values.insecure ? " --insecure" : "",
    values.namespace ? ` -n ${values.namespace}` : "",
    values.context ? ` --context ${values.context}` : "",
    values.kubeconfig ? ` --kubeconfig ${values.kubeconfig}` : "",
  ]
  return `${io.program} ${words}${options.join("")}`
}
