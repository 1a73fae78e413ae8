import { type Handlers, on } from "./handler.mts"
import { unassign } from "./processes.mts"
import { RpcError } from "./rpcError.mts"
import {
  type Executor,
  executorNamed,
  needCandidate,
  needColonyOwner,
  needMember,
  needServerOwner,
  newId,
  orNull,
  timeText,
  type User,
  type World,
} from "./world.mts"

const inColony = { colonyname: "string" } as const
const ofExecutor = { colonyname: "string", executorname: "string" } as const

export const members: Handlers = {
  addcolonymsg: on(
    "add colony",
    { colony: { fields: { colonyid: "string", name: "string" } } },
    ({ colony }, { world, caller }) => {
      needServerOwner(world, caller)
      if (colony.colonyid.length !== 64) {
        throw new RpcError(400, "Failed to add colony, invalid colony Id length")
      }
      if (world.colonies.has(colony.name)) {
        throw new RpcError(400, `A Colony with name <${colony.name}> already exists`)
      }
      world.colonies.set(colony.name, { ...colony, paused: false })
      return colony
    },
  ),
  getcoloniesmsg: on("get colonies", {}, (_message, { world, caller }) => {
    needServerOwner(world, caller)
    return orNull([...world.colonies.values()].map(({ colonyid, name }) => ({ colonyid, name })))
  }),
  getcolonymsg: on("get colony", inColony, ({ colonyname }, { world, caller }) => {
    needMember(world, caller, colonyname)
    return { colonyid: world.colonies.get(colonyname)?.colonyid, name: colonyname }
  }),
  removecolonymsg: on("remove colony", inColony, ({ colonyname }, { world, caller }) => {
    needServerOwner(world, caller)
    world.colonies.delete(colonyname)
    return {}
  }),
  pauseassignmentsmsg: on("pause assignments", inColony, ({ colonyname }, { world, caller }) => {
    needColonyOwner(world, caller, colonyname).paused = true
    return {}
  }),
  resumeassignmentsmsg: on("resume assignments", inColony, ({ colonyname }, { world, caller }) => {
    needColonyOwner(world, caller, colonyname).paused = false
    world.changes.emit("waiting")
    return {}
  }),
  getpausestatusmsg: on("get pause status", inColony, ({ colonyname }, { world, caller }) => {
    needCandidate(world, caller, colonyname)
    const ispaused = world.colonies.get(colonyname)?.paused ?? false
    return { msgtype: "pausestatusreplymsg", colonyname, ispaused }
  }),
  getcolonystatsmsg: on("get colony statistics", inColony, ({ colonyname }, call) => {
    try {
      needMember(call.world, call.caller, colonyname)
    } catch (error) {
      // The real server answers 200 with an empty body here.
      if (error instanceof RpcError) return undefined
      throw error
    }
    return statistics(call.world, colonyname)
  }),
  getstatisticsmsg: on("get statistics", {}, (_message, { world, caller }) => {
    needServerOwner(world, caller)
    return statistics(world, undefined)
  }),
  addusermsg: on(
    "add user",
    {
      user: {
        fields: {
          colonyname: "string",
          userid: "string",
          name: "string",
          email: "string",
          phone: "string",
        },
      },
    },
    ({ user }, { world, caller }) => {
      needColonyOwner(world, caller, user.colonyname)
      const place = `already exists in Colony with name <${user.colonyname}>`
      const others = usersOf(world, user.colonyname)
      if (others.some(({ name }) => name === user.name)) {
        throw new RpcError(400, `A user with name <${user.name}> ${place}`)
      }
      if (others.some(({ userid }) => userid === user.userid)) {
        throw new RpcError(400, `A user with Id <${user.userid}> ${place}`)
      }
      world.users.push(user)
      return user
    },
  ),
  getusersmsg: on("get users", inColony, ({ colonyname }, { world, caller }) => {
    needCandidate(world, caller, colonyname)
    return orNull(usersOf(world, colonyname))
  }),
  getusermsg: on(
    "get user",
    { colonyname: "string", name: "string" },
    ({ colonyname, name }, { world, caller }) => {
      needCandidate(world, caller, colonyname)
      const found = usersOf(world, colonyname).find((user) => user.name === name)
      if (found === undefined) throw new RpcError(404, "Failed to get user, user not found")
      return found
    },
  ),
  getuserbyidmsg: on(
    "get user",
    { colonyname: "string", userid: "string" },
    ({ colonyname, userid }, { world, caller }) => {
      needCandidate(world, caller, colonyname)
      const found = usersOf(world, colonyname).find((user) => user.userid === userid)
      if (found === undefined) throw new RpcError(404, "Failed to get user, user not found")
      return found
    },
  ),
  removeusermsg: on(
    "remove user",
    { colonyname: "string", name: "string" },
    ({ colonyname, name }, { world, caller }) => {
      needColonyOwner(world, caller, colonyname)
      const index = world.users.findIndex((u) => u.colonyname === colonyname && u.name === name)
      if (index >= 0) world.users.splice(index, 1)
      return {}
    },
  ),
  addexecutormsg: on(
    "add executor",
    {
      executor: {
        fields: {
          executorid: "string",
          executortype: "string",
          executorname: "string",
          colonyname: "string",
          requirefuncreg: "bool",
          locationname: "string",
          capabilities: {
            fields: {
              hardware: {
                list: {
                  fields: {
                    model: "string",
                    nodes: "int",
                    cpu: "string",
                    cores: "int",
                    mem: "string",
                    storage: "string",
                    gpu: {
                      fields: { name: "string", mem: "string", count: "int", nodecount: "int" },
                    },
                    platform: "string",
                    architecture: "string",
                    network: { list: "string" },
                  },
                },
              },
              software: {
                list: { fields: { name: "string", type: "string", version: "string" } },
              },
            },
          },
          allocations: { fields: { projects: { map: "any" } } },
        },
      },
    },
    ({ executor }, { world, caller }) => {
      needColonyOwner(world, caller, executor.colonyname)
      const old = executorNamed(world, executor.colonyname, executor.executorname)
      if (old !== undefined) {
        if (!world.options.reregister) {
          const name = `Executor with name <${executor.executorname}>`
          throw new RpcError(400, `${name} in Colony <${executor.colonyname}> already exists`)
        }
        release(world, old)
        world.executors.splice(world.executors.indexOf(old), 1)
      }
      const added: Executor = {
        ...executor,
        state: 0,
        commissioned: world.now(),
        lastHeard: 0n,
        asked: false,
      }
      world.executors.push(added)
      return onWire(added)
    },
  ),
  approveexecutormsg: on("approve executor", ofExecutor, (message, { world, caller }) => {
    owned(world, caller, message).state = 1
    return {}
  }),
  rejectexecutormsg: on("reject executor", ofExecutor, (message, { world, caller }) => {
    owned(world, caller, message).state = 2
    return {}
  }),
  removeexecutormsg: on("remove executor", ofExecutor, (message, { world, caller }) => {
    unregister(world, owned(world, caller, message))
    return {}
  }),
  getexecutorsmsg: on("get executors", inColony, ({ colonyname }, { world, caller }) => {
    needCandidate(world, caller, colonyname)
    return orNull(
      world.executors.filter((executor) => executor.colonyname === colonyname).map(onWire),
    )
  }),
  getexecutormsg: on("get executor", ofExecutor, (message, { world, caller }) => {
    needMember(world, caller, message.colonyname)
    const found = executorNamed(world, message.colonyname, message.executorname)
    if (found === undefined) throw new RpcError(500, "Failed to get executor, executor is nil")
    return onWire(found)
  }),
  getexecutorbyidmsg: on(
    "get executor",
    { colonyname: "string", executorid: "string" },
    ({ colonyname, executorid }, { world, caller }) => {
      needMember(world, caller, colonyname)
      const found = world.executors.find(
        (e) => e.colonyname === colonyname && e.executorid === executorid,
      )
      if (found === undefined) throw new RpcError(404, "Failed to get executor, executor is nil")
      return onWire(found)
    },
  ),
  updateexecutormsg: on(
    "update executor",
    { ...ofExecutor, capabilities: "any" },
    ({ capabilities, ...message }, { world, caller }) => {
      itself(world, caller, message).capabilities = capabilities
      return {}
    },
  ),
  reportallocationmsg: on(
    "report allocation",
    { ...ofExecutor, allocations: "any" },
    ({ allocations, ...message }, { world, caller }) => {
      itself(world, caller, message).allocations = allocations
      return {}
    },
  ),
  addfunctionmsg: on(
    "add function",
    {
      fun: {
        fields: {
          executorname: "string",
          executortype: "string",
          colonyname: "string",
          funcname: "string",
          description: "string",
          args: { list: "any" },
        },
      },
    },
    ({ fun }, { world, caller }) => {
      needMember(world, caller, fun.colonyname)
      const executor = executorNamed(world, fun.colonyname, fun.executorname)
      if (executor?.executorid !== caller) {
        throw new RpcError(403, "Not allowed to add a function to another executor")
      }
      const functionid = newId()
      const none = { counter: 0, minwaittime: 0, maxwaittime: 0, avgwaittime: 0 }
      const times = { ...none, minexectime: 0, maxexectime: 0, avgexectime: 0 }
      const json = { functionid, ...fun, executortype: executor.executortype, ...times }
      world.functions.push({ functionid, executorid: caller, colonyname: fun.colonyname, json })
      return json
    },
  ),
  getfunctionsmsg: on("get functions", ofExecutor, (message, { world, caller }) => {
    needMember(world, caller, message.colonyname)
    const all = message.executorname === ""
    return orNull(
      world.functions
        .filter((row) => row.colonyname === message.colonyname)
        .filter((row) => all || row.json.executorname === message.executorname)
        .map((row) => row.json),
    )
  }),
  removefunctionmsg: on(
    "remove function",
    { functionid: "string" },
    ({ functionid }, { world, caller }) => {
      const index = world.functions.findIndex((row) => row.functionid === functionid)
      if (world.functions[index]?.executorid !== caller) {
        throw new RpcError(403, "Not allowed to remove a function of another executor")
      }
      world.functions.splice(index, 1)
      return {}
    },
  ),
}

/** Executors that asked for work once and then fell silent. */
export function dropSilent(world: World): void {
  const limit = world.now() - BigInt(Math.round(world.options.staleSeconds * 1e9))
  for (const executor of world.executors) {
    if (executor.asked && executor.state === 1 && executor.lastHeard < limit) {
      unregister(world, executor)
    }
  }
}

function unregister(world: World, executor: Executor): void {
  executor.state = 3
  release(world, executor)
}

function release(world: World, executor: Executor): void {
  for (const process of world.processes.values()) {
    if (process.state === 1 && process.assignedTo === executor.executorid) unassign(world, process)
  }
  const kept = world.functions.filter((row) => row.executorid !== executor.executorid)
  world.functions.splice(0, world.functions.length, ...kept)
}

interface Named {
  readonly colonyname: string
  readonly executorname: string
}

function owned(world: World, caller: string, { colonyname, executorname }: Named): Executor {
  needColonyOwner(world, caller, colonyname)
  const found = executorNamed(world, colonyname, executorname)
  if (found === undefined) throw new RpcError(500, "Failed to get executor, executor is nil")
  return found
}

function itself(world: World, caller: string, { colonyname, executorname }: Named): Executor {
  needMember(world, caller, colonyname)
  const found = executorNamed(world, colonyname, executorname)
  if (found?.executorid !== caller)
    throw new RpcError(403, "Not allowed to change another executor")
  return found
}

function usersOf(world: World, colony: string): readonly User[] {
  return world.users.filter(({ colonyname }) => colonyname === colony)
}

function onWire(executor: Executor): unknown {
  const { asked, commissioned, lastHeard, locationname, ...rest } = executor
  return {
    ...rest,
    commissiontime: timeText(commissioned),
    lastheardfromtime: timeText(lastHeard),
    ...(locationname === "" ? {} : { locationname }),
  }
}

/** Of one colony, or of the whole server: there cancelled ones and workflows are never counted. */
function statistics(world: World, colony: string | undefined): unknown {
  const own = (name: string) => colony === undefined || name === colony
  const executors = world.executors.filter(({ colonyname }) => own(colonyname))
  const processes = [...world.processes.values()].filter((p) => own(p.spec.conditions.colonyname))
  const graphs = [...world.graphs.values()].filter((g) => own(g.colonyname))
  const whole = colony === undefined
  const count = (rows: readonly { readonly state: number }[], state: number) =>
    rows.filter((row) => row.state === state).length
  return {
    colonies: whole ? world.colonies.size : 1,
    executors: executors.length,
    activeexecutors: whole ? 0 : count(executors, 1),
    unregisteredexecutors: count(executors, 3),
    waitingprocesses: count(processes, 0),
    runningprocesses: count(processes, 1),
    successfulprocesses: count(processes, 2),
    failedprocesses: count(processes, 3),
    cancelledprocesses: whole ? 0 : count(processes, 4),
    waitingworkflows: whole ? 0 : count(graphs, 0),
    runningworkflows: whole ? 0 : count(graphs, 1),
    successfulworkflows: whole ? 0 : count(graphs, 2),
    failedworkflows: whole ? 0 : count(graphs, 3),
    cancelledworkflows: whole ? 0 : count(graphs, 4),
  }
}
