import { hostname } from "node:os"
import { parseArgs } from "node:util"
import { ClusterDriver } from "#engine/clusterDriver"
import { controllerId } from "#engine/controllerId"
import { serveHealth } from "#engine/health"
import { driverStores } from "#engine/kube/chooseStores"
import { connect } from "#engine/kube/connection"
import { KubeCluster } from "#engine/kube/kubeCluster"
import { inClusterKubeconfig, loadKubeconfig } from "#engine/kube/kubeconfig"
import { leanHeap } from "#engine/leanHeap"

/** The engine in a cluster: the controller, and the driver that somebody left there. */
async function main(): Promise<void> {
  leanHeap()
  const { values } = parseArgs({
    options: {
      namespace: { type: "string", short: "n" },
      "all-namespaces": { type: "boolean", short: "A" },
      id: { type: "string" },
      "ttl-seconds-after-finished": { type: "string" },
      "keep-last": { type: "string" },
      health: { type: "string", default: "8080" },
      kubeconfig: { type: "string" },
      context: { type: "string" },
    },
  })
  const config =
    values.kubeconfig === undefined && process.env.KUBERNETES_SERVICE_HOST
      ? inClusterKubeconfig()
      : loadKubeconfig(values.kubeconfig ?? process.env.KUBECONFIG)
  const context = values.context ?? config.currentContext
  const home = values.namespace ?? config.getContextObject(context)?.namespace ?? "default"
  const namespace = values["all-namespaces"] ? "" : home
  const id = values.id ?? controllerId(home, values["all-namespaces"] === true)
  const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`)
  const connection = connect(config, context)
  const stores = await driverStores(connection)
  const cluster = new KubeCluster(connection, { namespace, withPlain: false, stores })
  const holder = process.env.POD_NAME ?? `${hostname()} (${process.pid})`
  const driver = new ClusterDriver({
    cluster,
    self: { kind: "cluster", id, name: id, holder },
    namespace: home,
    retention: {
      ttlSeconds: count("ttl-seconds-after-finished", values["ttl-seconds-after-finished"]),
      keepLast: count("keep-last", values["keep-last"]),
    },
    log,
    lost: () => {
      log("another replica drives now; this one ends")
      process.exit(1)
    },
  })
  process.on("unhandledRejection", (error) => {
    log(`bug: ${error instanceof Error ? error.stack : error}`)
  })
  const end = () => void driver.stop().then(() => process.exit(0))
  process.on("SIGTERM", end)
  process.on("SIGINT", end)
  const port = Number(values.health)
  if (port > 0) await serveHealth(port, driver.health)
  const scope = namespace === "" ? "every namespace" : `"${namespace}"`
  log(`${holder} waits to drive the runs of ${scope}`)
  await driver.start()
}

function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new Error(`--${option} is a number, not "${text}".`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
