import { ColonyError } from "#colonies/client/colonyError"
import { Executor } from "#colonies/executor/executor"
import { type ExecutorSettings, settingsOfEnvironment } from "#colonies/executor/settings"
import { ClusterError } from "#engine/clusterError"
import { serveHealth } from "#engine/health"
import { connect } from "#engine/kube/connection"
import { inClusterKubeconfig, loadKubeconfig } from "#engine/kube/kubeconfig"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { visible } from "../words.ts"
import type { executorOptions } from "./commands/executor.ts"
import { readEnv } from "./withColony.ts"

type Values = Input<typeof executorOptions>["values"]

/** `colonies executor`. */
export async function runExecutor(
  { positionals, values }: Input<typeof executorOptions>,
  io: Io,
): Promise<ExitCode> {
  if (positionals.length > 0) throw new Refusal("executor takes no names.", 2)
  const port = Number(values.health ?? "0")
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Refusal(`--health is a port, not "${values.health}".`, 2)
  }
  const settings = await readSettings(values, io)
  const log = (line: string) =>
    io.stdout.write(`${new Date(io.now()).toISOString()} ${visible(line)}\n`)
  const stop = new AbortController()
  const end = () => stop.abort(new Error("The executor ends."))
  process.once("SIGTERM", end)
  process.once("SIGINT", end)
  try {
    const { connection, namespace } = cluster(values, settings)
    const executor = new Executor({
      settings,
      connection,
      namespace,
      log,
      stop: stop.signal,
      leavesColony: values.deregister === true,
    })
    const health = port > 0 ? await serveHealth(port, healthOf(executor)) : undefined
    try {
      await executor.run()
    } finally {
      health?.close()
      await connection.close()
    }
  } catch (error) {
    if (error instanceof ColonyError || error instanceof ClusterError) {
      throw new Refusal(visible(error.message))
    }
    if (!stop.signal.aborted) throw error
  }
  return 0
}

function healthOf(executor: Executor) {
  return {
    live: () => ({ isGood: true, sentence: "It lives." }),
    ready: () => executor.health,
  }
}

async function readSettings(values: Values, io: Io): Promise<ExecutorSettings> {
  const env = values.env === undefined ? io.env : { ...io.env, ...(await readEnv(values.env, io)) }
  const read = settingsOfEnvironment(env)
  if ("faults" in read) {
    const faults = read.faults.map((fault) => `  ${visible(fault)}\n`).join("")
    throw new Refusal(
      `The executor cannot begin:\n${faults}Set these, or name a file with --env.`,
      2,
    )
  }
  return {
    ...read,
    isCompatible: read.isCompatible || values.compatible === true,
    server: { ...read.server, skipVerify: values["skip-verify"] === true },
  }
}

/** In the published executor's order: the pod's own account, then a kubeconfig. */
function cluster(values: Values, settings: ExecutorSettings) {
  const config =
    values.kubeconfig === undefined && process.env.KUBERNETES_SERVICE_HOST
      ? inClusterKubeconfig()
      : loadKubeconfig(values.kubeconfig ?? process.env.KUBECONFIG)
  const context = values.context ?? config.currentContext
  const namespace = settings.namespace ?? config.getContextObject(context)?.namespace ?? "default"
  return { connection: connect(config, context), namespace }
}
