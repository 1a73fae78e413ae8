import { type FunctionSpec, functionSpec, specOnWire, storedSpec } from "./functionSpec.mts"
import { type Handlers, on } from "./handler.mts"
import { digest } from "./identity.mts"
import { resolveGraph } from "./resolveGraph.mts"
import { RpcError } from "./rpcError.mts"
import { bytes, milliCores } from "./units.mts"
import {
  type Attribute,
  colonyNamed,
  type Executor,
  needColonyOwner,
  needMember,
  newId,
  orNull,
  type Process,
  type State,
  seconds,
  timeText,
  type World,
} from "./world.mts"

export const processes: Handlers = {
  submitfuncspecmsg: on("submit process", { spec: { pointer: functionSpec } }, submit),
  assignprocessmsg: on(
    "assign process",
    { colonyname: "string", timeout: "int", availablecpu: "string", availablemem: "string" },
    ({ colonyname, timeout, availablecpu, availablemem }, { world, caller, gone }) =>
      assign(world, caller, gone, { colonyname, timeout, availablecpu, availablemem }),
  ),
  getprocessmsg: on("get process", { processid: "string" }, ({ processid }, { world, caller }) => {
    const found = processOf(world, caller, processid, "get process")
    return onWire(found)
  }),
  getprocessesmsg: on(
    "get processes",
    {
      colonyname: "string",
      count: "int",
      state: "int",
      executortype: "string",
      label: "string",
      initiator: "string",
    },
    list,
  ),
  getprocesshistmsg: on(
    "get process history",
    { colonyname: "string", executorid: "string", seconds: "int", state: "int" },
    (message, { world, caller }) => {
      needMember(world, caller, message.colonyname)
      const since = world.now() - seconds(message.seconds)
      return orNull(
        [...world.processes.values()]
          .filter(
            (p) =>
              p.spec.conditions.colonyname === message.colonyname &&
              p.state === message.state &&
              p.submitted >= since &&
              (message.executorid === "" || p.assignedTo === message.executorid),
          )
          .map(onWire),
      )
    },
  ),
  closesuccessfulmsg: on(
    "close process as successful",
    { processid: "string", out: { list: "any" } },
    ({ processid, out }, { world, caller }) => {
      const process = processOf(world, caller, processid, "close process as successful")
      needHolder(process, caller, "close process as successful", "close process as successful")
      if (process.state === 3) throw new RpcError(400, "Tried to set failed process as successful")
      if (process.state === 4) {
        throw new RpcError(400, "Tried to set cancelled process as successful")
      }
      if (process.state === 0) {
        throw new RpcError(400, "Tried to set waiting process as successful without being running")
      }
      process.out = out ?? process.out
      if (process.state === 1) end(world, process, 2)
      return {}
    },
  ),
  closefailedmsg: on(
    "close process as failed",
    { processid: "string", errors: { list: "string" } },
    ({ processid, errors }, { world, caller }) => {
      const process = processOf(world, caller, processid, "close process as failed")
      needHolder(process, caller, "close process as failed", "close process as failed")
      const was = { 2: "successful", 3: "failed", 4: "cancelled" }[process.state as number]
      if (was !== undefined) throw new RpcError(400, `Tried to set ${was} process as failed`)
      process.errors = errors ?? []
      end(world, process, 3)
      return {}
    },
  ),
  setoutputmsg: on(
    "set output",
    { processid: "string", out: { list: "any" } },
    ({ processid, out }, { world, caller }) => {
      const process = processOf(world, caller, processid, "set output")
      needHolder(process, caller, "set output", "set output")
      needRunning(process)
      process.out = out ?? []
      return {}
    },
  ),
  cancelprocessmsg: on(
    "cancel process",
    { processid: "string" },
    ({ processid }, { world, caller }) => {
      const process = processOf(world, caller, processid, "cancel process")
      if (process.graph !== "") {
        throw new RpcError(
          400,
          "Failed to cancel, cannot cancel a process part of a workflow, cancel the entire workflow instead",
        )
      }
      const refused = {
        2: "Tried to cancel successful process",
        3: "Tried to cancel failed process",
        4: "Tried to cancel already cancelled process",
      }[process.state as number]
      if (refused !== undefined) throw new RpcError(400, refused)
      end(world, process, 4)
      return {}
    },
  ),
  removeprocessmsg: on(
    "remove process",
    { processid: "string", all: "bool" },
    ({ processid }, { world, caller }) => {
      const process = processOf(world, caller, processid, "remove process")
      if (process.graph !== "") {
        throw new RpcError(
          400,
          "Failed to remove, cannot remove a process part of a workflow, delete the entire workflow instead",
        )
      }
      if (process.state === 1) {
        throw new RpcError(400, "Failed to remove process, cannot remove a running process")
      }
      world.processes.delete(processid)
      return {}
    },
  ),
  removeallprocessesmsg: on(
    "remove all processes",
    { colonyname: "string", state: "int" },
    ({ colonyname, state }, { world, caller }) => {
      needColonyOwner(world, caller, colonyname)
      if (state === 1) throw new RpcError(400, "Not possible to remove running processes")
      for (const process of world.processes.values()) {
        const { colonyname: owner } = process.spec.conditions
        const fits = state === -1 ? process.state !== 1 : process.state === state
        if (owner === colonyname && fits && process.graph === "") {
          world.processes.delete(process.id)
        }
      }
      return {}
    },
  ),
  addattributemsg: on(
    "add attribute",
    {
      attribute: {
        fields: {
          targetid: "string",
          targetcolonyname: "string",
          attributetype: "int",
          key: "string",
          value: "string",
        },
      },
    },
    ({ attribute }, { world, caller }) => {
      const process = processOf(world, caller, attribute.targetid, "add attribute")
      needHolder(process, caller, "add attribute", "add attribute")
      needRunning(process)
      const added = attributeOf(process, attribute.attributetype, attribute.key, attribute.value)
      process.attributes.push(added)
      return added
    },
  ),
  getattributemsg: on(
    "get attribute",
    { attributeid: "string" },
    ({ attributeid }, { world, caller }) => {
      for (const process of world.processes.values()) {
        const found = process.attributes.find((a) => a.attributeid === attributeid)
        if (found === undefined) continue
        needMember(world, caller, process.spec.conditions.colonyname)
        return found
      }
      throw new RpcError(400, "Failed to get attribute")
    },
  ),
}

/** The process for a member of its colony. */
export function processOf(world: World, caller: string, id: string, doing: string): Process {
  const process = world.processes.get(id)
  if (process === undefined) throw new RpcError(404, `Failed to ${doing}, process not found`)
  needMember(world, caller, process.spec.conditions.colonyname)
  return process
}

export function needRunning(process: Process): void {
  // The server says "set output" whatever was asked.
  if (process.state !== 1) {
    throw new RpcError(403, "Failed to set output, process is not running")
  }
}

/** Makes and stores a process; whoever submits it wakes the executors. */
export function addProcess(
  world: World,
  initiator: { readonly id: string; readonly name: string },
  given: FunctionSpec,
  place: { readonly id: string; readonly graph: string; readonly parents: readonly string[] },
): Process {
  const spec = storedSpec(given)
  const submitted = world.now()
  const process: Process = {
    id: place.id,
    initiatorId: initiator.id,
    initiatorName: initiator.name,
    spec,
    graph: place.graph,
    submitted,
    priorityTime: submitted - BigInt(spec.priority) * 86_400_000_000_000n,
    attributes: [],
    parents: [...place.parents],
    children: [],
    assignedTo: "",
    isAssigned: false,
    state: 0,
    waitingForParents: place.parents.length > 0,
    started: 0n,
    ended: 0n,
    waitUntil: waitLimit(submitted, spec),
    runUntil: 0n,
    retries: 0,
    in: [],
    out: [],
    errors: [],
  }
  for (const [key, value] of Object.entries(spec.env ?? {})) {
    process.attributes.push(attributeOf(process, 3, key, value))
  }
  world.processes.set(process.id, process)
  return process
}

/** What an executor's removal and the end of a lease do: back into the queue. */
export function unassign(world: World, process: Process): void {
  process.state = 0
  process.isAssigned = false
  process.assignedTo = ""
  process.started = 0n
  process.runUntil = 0n
  process.waitUntil = waitLimit(world.now(), process.spec)
  changed(world, process)
  world.changes.emit("waiting")
}

export function end(world: World, process: Process, state: State): void {
  process.state = state
  process.ended = world.now()
  changed(world, process)
  world.changes.emit("waiting")
}

/** One tick of the loop that ends waiting and running beyond their limits. */
export function expire(world: World): void {
  const now = world.now()
  for (const process of [...world.processes.values()]) {
    const { maxretries } = process.spec
    if (process.state === 1 && process.runUntil !== 0n && now > process.runUntil) {
      if (maxretries > -1 && process.retries >= maxretries) {
        process.errors = ["Maximum execution time limit exceeded"]
        end(world, process, 3)
      } else {
        process.retries++
        unassign(world, process)
      }
    } else if (process.state === 0 && process.waitUntil !== 0n && now > process.waitUntil) {
      process.errors = ["Maximum waiting time limit exceeded"]
      end(world, process, 3)
    }
  }
}

export function onWire(process: Process): unknown {
  return {
    processid: process.id,
    initiatorid: process.initiatorId,
    initiatorname: process.initiatorName,
    assignedexecutorid: process.assignedTo,
    isassigned: process.isAssigned,
    state: process.state,
    prioritytime: process.priorityTime,
    submissiontime: timeText(process.submitted),
    starttime: timeText(process.started),
    endtime: timeText(process.ended),
    waitdeadline: timeText(process.waitUntil),
    execdeadline: timeText(process.runUntil),
    retries: process.retries,
    attributes: process.attributes,
    spec: specOnWire(process.spec),
    waitforparents: process.waitingForParents,
    parents: process.parents,
    children: process.children,
    processgraphid: process.graph,
    in: process.in,
    out: process.out,
    errors: process.errors,
  }
}

function submit(
  { spec }: { readonly spec: FunctionSpec | null },
  { world, caller }: { readonly world: World; readonly caller: string },
): unknown {
  if (spec === null) {
    throw new RpcError(400, "Failed to submit process spec, msg.FunctionSpec is nil")
  }
  const name = needMember(world, caller, spec.conditions.colonyname)
  if (Math.abs(spec.priority) > 50_000) {
    throw new RpcError(
      400,
      "Failed to submit function spec, priority outside range [-50000, 50000]",
    )
  }
  const place = { id: newId(), graph: "", parents: [] }
  const process = addProcess(world, { id: caller, name }, spec, place)
  changed(world, process)
  world.changes.emit("waiting")
  return onWire(process)
}

function list(
  message: {
    readonly colonyname: string
    readonly count: number
    readonly state: number
    readonly executortype: string
    readonly label: string
    readonly initiator: string
  },
  { world, caller }: { readonly world: World; readonly caller: string },
): unknown {
  needMember(world, caller, message.colonyname)
  if (message.count > 100) throw new RpcError(400, "Count is larger than MaxCount limit <100>")
  const { initiator } = message
  const user = world.users.find((u) => u.colonyname === message.colonyname && u.name === initiator)
  if (initiator !== "" && user === undefined) {
    throw new RpcError(400, `User <${initiator}> does not exist`)
  }
  const order = orders[message.state]
  if (order === undefined) throw new RpcError(400, "Failed to get processes, invalid msg.State")
  const found = [...world.processes.values()]
    .filter(
      ({ spec, state, initiatorId }) =>
        spec.conditions.colonyname === message.colonyname &&
        state === message.state &&
        (message.executortype === "" || spec.conditions.executortype === message.executortype) &&
        (message.label === "" || spec.label === message.label) &&
        (user === undefined || initiatorId === user.userid),
    )
    .sort((a, b) => {
      const difference = order(a) - order(b)
      return difference < 0n ? -1 : difference > 0n ? 1 : 0
    })
  return orNull(found.slice(0, message.count).map(onWire))
}

const orders: Readonly<Record<number, (process: Process) => bigint>> = {
  0: (p) => p.priorityTime,
  1: (p) => p.started,
  2: (p) => -p.ended,
  3: (p) => -p.ended,
  4: (p) => -p.ended,
}

interface Offer {
  readonly colonyname: string
  readonly timeout: number
  readonly availablecpu: string
  readonly availablemem: string
}

async function assign(world: World, caller: string, gone: AbortSignal, offer: Offer) {
  const executor = askingExecutor(world, caller, offer.colonyname)
  if (offer.timeout === 0) {
    throw new RpcError(400, "Invalid timeout value, timeout cannot be zero")
  }
  const cpu = offer.availablecpu === "" ? Infinity : milliCores(offer.availablecpu)
  const mem = offer.availablemem === "" ? Infinity : bytes(offer.availablemem)
  executor.asked = true
  const until = Date.now() + offer.timeout * 1000
  for (;;) {
    const colony = colonyNamed(world, offer.colonyname)
    executor.lastHeard = world.now()
    const next = colony.paused ? undefined : nextFor(world, executor, cpu, mem)
    if (next !== undefined) return hold(world, next, executor)
    const left = until - Date.now()
    if (offer.timeout < 0 || left <= 0 || gone.aborted) {
      if (!colony.paused) throw new RpcError(404, "No process available for assignment")
      throw offer.timeout < 0
        ? new RpcError(503, "No processes available: colony assignments are paused")
        : new RpcError(408, "Assignment timeout: colony assignments are paused")
    }
    await somethingWaiting(world, left, gone)
    // It may have been removed while it waited.
    askingExecutor(world, caller, offer.colonyname)
  }
}

function askingExecutor(world: World, caller: string, colony: string): Executor {
  needMember(world, caller, colony)
  const executor = world.executors.find((e) => e.colonyname === colony && e.executorid === caller)
  if (executor === undefined) {
    throw new RpcError(500, "Failed to assign process, executor not found")
  }
  return executor
}

function nextFor(world: World, executor: Executor, cpu: number, mem: number) {
  let best: Process | undefined
  for (const process of world.processes.values()) {
    if (process.state !== 0 || process.waitingForParents) continue
    if (!fits(world, process.spec.conditions, executor, cpu, mem)) continue
    if (best === undefined || process.priorityTime < best.priorityTime) best = process
  }
  return best
}

function fits(
  world: World,
  conditions: FunctionSpec["conditions"],
  executor: Executor,
  cpu: number,
  mem: number,
): boolean {
  const { exclusive } = world.options
  const names = conditions.executornames ?? []
  const anyone = names.length === 0 || (!exclusive && names.includes("*"))
  const there = conditions.locationname.toLowerCase()
  return (
    conditions.colonyname === executor.colonyname &&
    conditions.executortype === executor.executortype &&
    (anyone || names.includes(executor.executorname)) &&
    (there === "" || there === executor.locationname.toLowerCase()) &&
    conditions.nodes <= 127 &&
    conditions.processes <= 127 &&
    conditions.processespernode <= 127 &&
    (!exclusive || bytes(conditions.storage) <= 0) &&
    milliCores(conditions.cpu) <= cpu &&
    bytes(conditions.mem) <= mem
  )
}

function hold(world: World, process: Process, executor: Executor): unknown {
  const now = world.now()
  process.state = 1
  process.isAssigned = true
  process.assignedTo = executor.executorid
  process.started = now
  process.waitUntil = 0n
  const { maxexectime } = process.spec
  const deadline = maxexectime < 0 ? 0n : now + seconds(maxexectime)
  process.in = process.parents.flatMap((id) => world.processes.get(id)?.out ?? [])
  // The scheduler of the exclusive mode answers with the row as it was read.
  if (world.options.exclusive) {
    const answer = onWire(process)
    process.runUntil = deadline
    changed(world, process)
    return answer
  }
  process.runUntil = deadline
  changed(world, process)
  return onWire(process)
}

function somethingWaiting(world: World, milliseconds: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      world.changes.off("waiting", done)
      gone.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    world.changes.on("waiting", done)
    gone.addEventListener("abort", done)
  })
}

function needHolder(process: Process, caller: string, doing: string, what: string): void {
  if (process.assignedTo === "") {
    throw new RpcError(403, `Failed to ${doing}, process is not assigned`)
  }
  if (process.assignedTo !== caller) {
    throw new RpcError(403, `Failed to ${doing}, not allowed to ${what}`)
  }
}

function changed(world: World, process: Process): void {
  if (process.graph !== "") resolveGraph(world, process.graph)
  world.changes.emit("process", process)
}

function waitLimit(from: bigint, { maxwaittime }: FunctionSpec): bigint {
  return maxwaittime > 0 ? from + seconds(maxwaittime) : 0n
}

function attributeOf(process: Process, type: number, key: string, value: string): Attribute {
  return {
    attributeid: digest(`${process.id}${key}${type}`).toString("hex"),
    targetid: process.id,
    targetcolonyname: process.spec.conditions.colonyname,
    targetprocessgraphid: process.graph,
    state: 0,
    attributetype: type,
    key,
    value,
  }
}
