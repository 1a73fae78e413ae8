import { command } from "../../command.ts"

export const executorOptions = {
  env: {
    kind: "value",
    placeholder: "FILE",
    help: 'a file of export K="V" lines with COLONIES_*, EXECUTOR_* and AWS_S3_* (default: the environment)',
  },
  compatible: {
    kind: "flag",
    help: "close every process as successful, as the published executor does",
  },
  deregister: {
    kind: "flag",
    help: "at its end leave the colony; what it holds is given to others",
  },
  "skip-verify": { kind: "flag", help: "accept any certificate of the Colonies server" },
  health: {
    kind: "value",
    placeholder: "PORT",
    help: "where /healthz and /readyz are told (default: nowhere)",
  },
  kubeconfig: { kind: "value", placeholder: "FILE", help: "default: KUBECONFIG, or the pod's own" },
  context: { kind: "value", placeholder: "NAME", help: "default: the current one" },
} as const

export const executor = command({
  name: "executor",
  summary: "Run the processes of a colony as Kubernetes Jobs",
  usage: ["[--env FILE] [--compatible] [--health PORT] [OPTION…]"],
  details: [
    "Reads the variables that the published KubeExecutor reads. With COLONIES_COLONY_PRVKEY",
    "it registers itself. Runs until it is ended; its Jobs go on, and the next executor of the",
    "same name with them. kubectl apply -k deploy/executor puts it into a cluster.",
  ],
  options: executorOptions,
  run: async (input, io) => (await io.colonies()).executor(input, io),
})
