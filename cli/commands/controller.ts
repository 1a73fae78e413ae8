import { command } from "../command.ts"
import { placeOptions } from "../placeOptions.ts"
import { Refusal } from "../refusal.ts"

export const controller = command({
  name: "controller",
  summary: "Drive the runs of a cluster, as the controller in it does",
  usage: ["[-n NS|--all-namespaces] [OPTION…]"],
  details: [
    "Runs until it is ended. In a pod it works with the pod's service account.",
    "Of several controllers with one id one drives, and the others wait.",
    "kubectl apply -k deploy puts it into a cluster.",
  ],
  options: {
    ...placeOptions,
    "all-namespaces": { kind: "flag", short: "A", help: "drive the runs of every namespace" },
    id: {
      kind: "value",
      placeholder: "ID",
      help: "default kube-executions-controller, with -A kube-executions-controller.NS",
    },
    "ttl-seconds-after-finished": {
      kind: "value",
      placeholder: "SECONDS",
      help: "delete runs that have been over for so long (default: never)",
    },
    "keep-last": {
      kind: "value",
      placeholder: "N",
      help: "of each namespace keep only the runs that ended last (default: all)",
    },
    health: {
      kind: "value",
      placeholder: "PORT",
      help: "where /healthz and /readyz are told (default 8080, 0: nowhere)",
    },
  },
  run: async ({ positionals, values }, io) => {
    if (positionals.length > 0) throw new Refusal("controller takes no names.", 2)
    const port = values.health
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 65_536)) {
      throw new Refusal(`--health is a port, not "${port}".`, 2)
    }
    const { "all-namespaces": isAll, ...named } = values
    const given = Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)])
    return io.runDriver(isAll ? [...given, "--all-namespaces"] : given)
  },
})
