import { type ColoniesServer, type ServerOptions, startColoniesServer } from "./coloniesServer.mts"
import { idOfKey } from "./identity.mts"
import { rawCall } from "./rawCall.mts"

/** The keys that Colonies' own development set-up uses: they protect nothing. */
export const devKeys = {
  server: "fcc79953d8a751bf41db661592dc34d30004b1a651ffa0725b03ac227641499d",
  colony: "ba949fa134981372d6da62b6a56f336ab4d843b22c02a4257dcf7d0d73097514",
  user: "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05",
  executor: "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a",
} as const

/** A server with the colony "dev", its user "myuser" and the approved executor "kube1" of type "kube". */
export async function startDevColony(
  options: Omit<ServerOptions, "serverId"> = {},
): Promise<ColoniesServer> {
  const server = await startColoniesServer({ ...options, serverId: idOfKey(devKeys.server) })
  const colonyid = idOfKey(devKeys.colony)
  await call(server, devKeys.server, { msgtype: "addcolonymsg", colony: { colonyid, name: "dev" } })
  const user = { colonyname: "dev", userid: idOfKey(devKeys.user), name: "myuser" }
  await call(server, devKeys.colony, { msgtype: "addusermsg", user })
  await addExecutor(server, { executorname: "kube1", executortype: "kube", key: devKeys.executor })
  return server
}

export async function addExecutor(
  server: ColoniesServer,
  executor: { readonly executorname: string; readonly executortype: string; readonly key: string },
): Promise<void> {
  const { key, ...names } = executor
  const named = { colonyname: "dev", executorname: names.executorname }
  await call(server, devKeys.colony, {
    msgtype: "addexecutormsg",
    executor: { ...names, colonyname: "dev", executorid: idOfKey(key) },
  })
  await call(server, devKeys.colony, { msgtype: "approveexecutormsg", ...named })
}

async function call(
  server: ColoniesServer,
  key: string,
  message: { readonly msgtype: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const { error, value } = await rawCall(server, key, message)
  if (error) throw new Error(`${message.msgtype}: ${JSON.stringify(value)}`)
}
