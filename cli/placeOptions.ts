import { delimiter, resolve } from "node:path"
import type { KubeRequest, PlaceRequest } from "#engine/protocol"
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

export interface PlaceValues {
  readonly place?: "kube" | "local" | "rehearsal"
  readonly context?: string
  readonly namespace?: string
  readonly kubeconfig?: string
  readonly "without-definition"?: true
}

export function placeRequest(values: PlaceValues, io: Io): PlaceRequest {
  return values.place === "local" || values.place === "rehearsal"
    ? { kind: values.place }
    : kubeRequest(values, io)
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
  const options = [
    values.place && values.place !== "kube" ? ` --place ${values.place}` : "",
    values.namespace ? ` -n ${values.namespace}` : "",
    values.context ? ` --context ${values.context}` : "",
    values.kubeconfig ? ` --kubeconfig ${values.kubeconfig}` : "",
  ]
  return `${io.program} ${words}${options.join("")}`
}
