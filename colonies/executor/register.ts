import { createHmac } from "node:crypto"
import { ColonyError } from "../client/colonyError.ts"
import { identityOf } from "../client/identity.ts"
import { type ColoniesServer, connectColonies } from "../client/server.ts"
import type { ExecutorSettings } from "./settings.ts"

/** What the executor says it can do, and the functions it has. */
const functions = ["execute", "sync"] as const

const approved = 1

/**
 * The server as this executor sees it. Where the executor registers itself, its key follows from the
 * colony's and from its name: after a restart it is the same executor and goes on with what it had begun.
 */
export function connectAs(settings: ExecutorSettings): ColoniesServer {
  const { colonyKey, privateKey } = settings
  const key = colonyKey === undefined ? privateKey : ownKey(colonyKey, settings)
  return connectColonies({ ...settings.server, ...(key === undefined ? {} : { privateKey: key }) })
}

/** Registers and approves the executor, where it has the colony's key, and tells what it can do. */
export async function register(
  settings: ExecutorSettings,
  server: ColoniesServer,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { colonyKey } = settings
  if (colonyKey !== undefined) {
    const owner = connectColonies({ ...settings.server, privateKey: colonyKey })
    try {
      await registerSelf(settings, owner, server, log, signal)
    } finally {
      await owner.close()
    }
  }
  await addFunctions(settings, server, log, signal)
}

/** Says good-bye: the server gives what the executor still holds to others. */
export async function deregister(settings: ExecutorSettings): Promise<void> {
  const { colonyKey, colony, name } = settings
  if (colonyKey === undefined) return
  const owner = connectColonies({ ...settings.server, privateKey: colonyKey })
  try {
    await owner.call("removeexecutormsg", { colonyname: colony, executorname: name })
  } finally {
    await owner.close()
  }
}

/** Nobody can tell the colony's key from it; who has that one needs no other. */
function ownKey(colonyKey: string, { colony, name }: ExecutorSettings): string {
  for (let round = 0; ; round += 1) {
    const key = createHmac("sha256", colonyKey)
      .update(JSON.stringify(["executor", colony, name, round]))
      .digest("hex")
    // Of 2^128 numbers one is not on the curve.
    if (identityOf(key) !== undefined) return key
  }
}

async function registerSelf(
  settings: ExecutorSettings,
  owner: ColoniesServer,
  self: ColoniesServer,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { colony, name } = settings
  const named = { colonyname: colony, executorname: name }
  const id = self.id ?? ""
  if (await isApproved(settings, self, id, signal)) {
    log(`"${name}" is registered already`)
    return
  }
  try {
    await addExecutor(settings, owner, id, signal)
  } catch (error) {
    if (!(error instanceof ColonyError) || !/already exists/.test(error.said)) throw error
    // It may be us, not approved yet or put aside because we were silent for too long.
    await owner.call("approveexecutormsg", named, { signal })
    if (await isApproved(settings, self, id, signal)) return
    throw new ColonyError(
      "config",
      `An executor "${name}" is in "${colony}" already, with another key. Choose another COLONIES_EXECUTOR_NAME, or let the server replace executors (COLONIES_ALLOW_EXECUTOR_REREGISTER).`,
    )
  }
  await owner.call("approveexecutormsg", named, { signal })
  log(`Self-registered as "${name}"`)
}

async function isApproved(
  { colony, name }: ExecutorSettings,
  self: ColoniesServer,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const executors = await self.call("getexecutorsmsg", { colonyname: colony }, { signal })
    return (executors ?? []).some(
      ({ executorname, executorid, state }) =>
        executorname === name && executorid === id && state === approved,
    )
  } catch (error) {
    if (error instanceof ColonyError && error.kind === "forbidden") return false
    throw error
  }
}

/** Servers before 1.9 read one object where those of today read lists, and cannot read these. */
async function addExecutor(
  settings: ExecutorSettings,
  owner: ColoniesServer,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { colony, name, type } = settings
  const named = { executorid: id, executortype: type, executorname: name, colonyname: colony }
  const { hardware, software } = capabilitiesOf(settings)
  try {
    const capabilities = { hardware: [hardware], software: [software] }
    await owner.call("addexecutormsg", { executor: { ...named, capabilities } }, { signal })
  } catch (error) {
    if (!(error instanceof ColonyError) || !/invalid JSON/.test(error.said)) throw error
    const { description, longitude, latitude } = settings.location
    const location = { desc: description, long: longitude, lat: latitude }
    const executor = { ...named, location, capabilities: { hardware, software } }
    await owner.call("addexecutormsg", { executor }, { signal })
  }
}

function capabilitiesOf({ hardware, software, capacity }: ExecutorSettings) {
  const { model, nodes, storage, gpu } = hardware
  return {
    hardware: {
      model,
      nodes,
      cpu: `${capacity.milliCpu}m`,
      mem: `${capacity.bytes / 1048576n}Mi`,
      storage,
      gpu,
    },
    software,
  }
}

/** For people who look; nothing depends on it, so a refusal is only told. */
async function addFunctions(
  { name, type, colony }: ExecutorSettings,
  server: ColoniesServer,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const named = { colonyname: colony, executorname: name }
    const there = await server.call("getfunctionsmsg", named, { signal })
    for (const funcname of functions) {
      if (there?.some((one) => one.funcname === funcname)) continue
      const fun = { ...named, executortype: type, funcname }
      await server.call("addfunctionmsg", { fun }, { signal })
    }
  } catch (error) {
    if (!(error instanceof ColonyError) || error.kind === "offline") throw error
    log(`its functions were not added: ${error.message}`)
  }
}
