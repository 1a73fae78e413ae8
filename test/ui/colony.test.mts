import { after, test } from "node:test"
import { connectColonies } from "../../colonies/client/server.ts"
import { eachLimited } from "../../colonies/files/eachLimited.ts"
import type { ColoniesServer } from "../support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { useWorkbench } from "./useWorkbench.mts"

let server: ColoniesServer | undefined
after(() => server?.close())

const workbench = useWorkbench(async () => {
  server = await startDevColony()
  const { host, port } = server
  const member = connectColonies({ host, port, tls: false, privateKey: devKeys.user })
  const conditions = { colonyname: "dev", executortype: "kube" }
  const spec = { funcname: "execute", conditions, maxexectime: 1_000 }
  await eachLimited(Array(120).keys(), 8, async () => {
    await member.call("submitfuncspecmsg", { spec })
  })
  await member.close()
  return {
    workspace: "test/fixtures/execution",
    env: {
      KUBECONFIG: "/nowhere/config",
      COLONIES_SERVER_HOST: host,
      COLONIES_SERVER_PORT: String(port),
      COLONIES_TLS: "false",
      COLONIES_COLONY_NAME: "dev",
      COLONIES_PRVKEY: devKeys.user,
    },
  }
})

test("a colony with more runs than its server lists says so beside its name", async () => {
  const { page } = workbench()
  await page.locator(".activitybar a[aria-label^='Kube Executions']").waitFor()
  await workbench().showView("Runs")
  await workbench().runCommand("Kube Executions: Choose Where New Runs Go…")
  const rows = page.locator(".quick-input-list .monaco-list-row")
  await rows.filter({ hasText: "Colonies server of the environment" }).first().click()
  const place = await workbench().treeItem("Runs", "dev", "100 of each state")
  await workbench().screenshot("colony-cut")
  await place.hover()
  const hover = page.locator(".workbench-hover, .monaco-hover")
  await hover.filter({ hasText: "There are more runs: of each state" }).first().waitFor()
  await workbench().screenshot("colony-cut-hover")
})
