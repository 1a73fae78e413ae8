import { delimiter, resolve } from "node:path"
import type { PlaceRequest } from "#engine/protocol"
import type { Io } from "./io.ts"

/** Where a command looks and works: the same words as kubectl's. */
export const placeOptions = {
  context: { kind: "value", placeholder: "C", help: "context of the kubeconfig" },
  namespace: { kind: "value", short: "n", placeholder: "NS", help: "namespace" },
  kubeconfig: {
    kind: "value",
    placeholder: "FILE",
    help: "kubeconfig (default KUBECONFIG, else ~/.kube/config)",
  },
} as const

export interface PlaceValues {
  readonly context?: string
  readonly namespace?: string
  readonly kubeconfig?: string
}

/** The engine has another working folder than we, so paths go to it whole. */
export function placeRequest(values: PlaceValues, io: Io): PlaceRequest {
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
  }
}

/** A command to type next, with the options that lead to the same place. */
export function nextCommand(words: string, values: PlaceValues, io: Io): string {
  const options = [
    values.namespace ? ` -n ${values.namespace}` : "",
    values.context ? ` --context ${values.context}` : "",
    values.kubeconfig ? ` --kubeconfig ${values.kubeconfig}` : "",
  ]
  return `${io.program} ${words}${options.join("")}`
}
