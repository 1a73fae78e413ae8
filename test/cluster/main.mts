// npm run cluster -- COMMAND: see the text of help below.
import { parseArgs } from "node:util"
import { connect } from "./api.mts"
import { defaultSettings } from "./built/components.mts"
import { down } from "./built/down.mts"
import { layout } from "./built/layout.mts"
import { printLogs } from "./built/logs.mts"
import { describe } from "./built/status.mts"
import { up } from "./built/up.mts"
import { capabilitiesOf, kubeconfigOf, removeLeftNamespaces } from "./cluster.mts"
import { teachExecutions } from "./installExecutions.mts"
import { kindDown, kindUp } from "./kind.mts"
import { Refusal } from "./refusal.mts"
import { findSource } from "./source.mts"

const help = `A real Kubernetes for the test suites: one for each clone of the repository.

  npm run cluster -- up [--install]   build what is not in the cache, start what does not run
  npm run cluster -- down [--wipe]    stop everything; --wipe also forgets what the cluster stored
                          [--all]     of every clone, not only this one
                                      (of a cluster that is not ours: the namespaces that suites left)
  npm run cluster -- status           what runs, on which ports, since when
  npm run cluster -- env              the lines to eval in a shell: KUBECONFIG, the audit log, PATH
  npm run cluster -- logs [NAME]      the log of one component; without a name, which there are

Which cluster: the one that KUBECONFIG_TEST names; else kind, where docker answers; else, on Linux as
root, one built from the Go module proxy. The built one keeps its programs and its state outside the
clone, in \${XDG_CACHE_HOME:-~/.cache}/kube-executions/cluster, chooses free ports and addresses,
listens on loopback and its own bridge only, and may run beside those of other clones.

What the system lacks is installed (apt-get) with --install or when CI is set; else it is named.

Switches of up, with the values that many short Jobs want:
  --controller-qps ${defaultSettings.controllerQps}   --scheduler-qps ${defaultSettings.schedulerQps}   --job-syncs ${defaultSettings.jobSyncs}

The cluster knows Executions (deploy/crd.yaml). The images busybox, alpine, ubuntu, debian, bash, centos
and fedora are all the system's busybox, under every tag; node is the Node that runs the bed; any other
image is not found. There is no cluster DNS (lookups fail at once) and no kube-proxy: of all Services
only "kubernetes" answers. Pods reach the API server, each other and this host, and nothing outside.
`

const tell = (sentence: string): void => console.error(`cluster: ${sentence}`)

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const [command, name, ...more] = positionals
  if (values.help || command === undefined) {
    process.stdout.write(help)
    process.exitCode = values.help ? 0 : 2
    return
  }
  if (more.length > 0 || (name !== undefined && command !== "logs")) {
    throw new WrongUse(`"${command}" takes no "${more[0] ?? name}".`)
  }
  switch (command) {
    case "up":
      return await bringUp(values)
    case "down":
      return await takeDown(values)
    case "status":
      process.stdout.write(await describe())
      return
    case "env":
      return await printEnvironment()
    case "logs":
      return printLogs(layout, name)
    default:
      throw new WrongUse(
        `There is no command "${command}": up, down, status, env and logs are there.`,
      )
  }
}

class WrongUse extends Error {}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        install: { type: "boolean", default: false },
        wipe: { type: "boolean", default: false },
        all: { type: "boolean", default: false },
        "controller-qps": { type: "string", default: String(defaultSettings.controllerQps) },
        "scheduler-qps": { type: "string", default: String(defaultSettings.schedulerQps) },
        "job-syncs": { type: "string", default: String(defaultSettings.jobSyncs) },
      },
    })
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error))
  }
}

type Values = ReturnType<typeof readArguments>["values"]

async function bringUp(values: Values): Promise<void> {
  const settings = {
    controllerQps: count("controller-qps", values["controller-qps"]),
    schedulerQps: count("scheduler-qps", values["scheduler-qps"]),
    jobSyncs: count("job-syncs", values["job-syncs"]),
  }
  const started = performance.now()
  const source = await findSource()
  switch (source.kind) {
    case "given":
      await reach(source.kubeconfig)
      return tell(`uses the cluster of ${source.kubeconfig}, which KUBECONFIG_TEST names`)
    case "kind":
      tell("makes a cluster with kind")
      await kindUp(settings)
      await teachExecutions()
      break
    case "built":
      await up({ settings, mayInstall: values.install || inCi(), tell })
      break
  }
  tell(`up after ${((performance.now() - started) / 1000).toFixed(1)} s: ${layout.kubeconfig}`)
}

async function reach(kubeconfig: string): Promise<void> {
  const api = await connect(kubeconfig)
  try {
    await api.get("/version")
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(
      `The cluster of ${kubeconfig}, which KUBECONFIG_TEST names, does not answer: ${why}. ` +
        "Start it, name another, or unset KUBECONFIG_TEST.",
    )
  } finally {
    api.close()
  }
}

async function takeDown({ wipe, all }: Values): Promise<void> {
  const source = await findSource()
  switch (source.kind) {
    case "given": {
      const removed = await removeLeftNamespaces(source.kubeconfig)
      return tell(
        `the cluster that KUBECONFIG_TEST names is not ours to stop; ${removed} namespaces of suites removed`,
      )
    }
    case "kind":
      await kindDown()
      return tell("the kind cluster is gone")
    case "built": {
      const ended = await down({ wipe, all, tell })
      return tell(ended === 0 ? "nothing ran" : `down: ${ended} processes ended`)
    }
  }
}

async function printEnvironment(): Promise<void> {
  const source = await findSource()
  const { kubeconfig, programs } = await kubeconfigOf(source)
  const lines = [`export KUBECONFIG=${quote(kubeconfig)}`]
  if (capabilitiesOf(source).auditLog) {
    lines.push(`export KUBE_EXECUTIONS_AUDIT_LOG=${quote(layout.auditLog)}`)
  }
  if (programs !== undefined) lines.push(`export PATH=${quote(programs)}:"$PATH"`)
  process.stdout.write(`${lines.join("\n")}\n`)
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const inCi = (): boolean => !["", "0", "false"].includes(process.env.CI ?? "")

function count(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new WrongUse(`--${name} wants a whole number above 0, not "${text}".`)
}

try {
  await main()
} catch (error) {
  if (error instanceof Refusal) tell(error.message)
  else if (error instanceof WrongUse)
    tell(`${error.message} "npm run cluster -- --help" says more.`)
  else tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
