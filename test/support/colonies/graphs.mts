import { type FunctionSpec, functionSpec } from "./functionSpec.mts"
import { type Call, type Handlers, on } from "./handler.mts"
import { addProcess, end, processOf } from "./processes.mts"
import { RpcError } from "./rpcError.mts"
import {
  type Graph,
  needColonyOwner,
  needMember,
  newId,
  orNull,
  type Process,
  timeText,
  type World,
} from "./world.mts"

const workflowSpec = {
  fields: { colonyname: "string", functionspecs: { list: functionSpec } },
} as const

export const graphs: Handlers = {
  submitworkflowspecmsg: on(
    "submit workkflow",
    { spec: { pointer: workflowSpec } },
    ({ spec }, call) => {
      if (spec === null) {
        throw new RpcError(400, "Failed to submit workflow, msg.WorkflowSpec is nil")
      }
      return submit(call, spec.colonyname, spec.functionspecs ?? [])
    },
  ),
  getprocessgraphmsg: on(
    "get processgraph",
    { processgraphid: "string" },
    ({ processgraphid }, { world, caller }) => {
      const graph = graphOf(world, caller, processgraphid)
      return { ...onWire(graph), ...picture(world, graph) }
    },
  ),
  getprocessgraphsmsg: on(
    "get processgraphs",
    { colonyname: "string", count: "int", state: "int" },
    ({ colonyname, count, state }, { world, caller }) => {
      needMember(world, caller, colonyname)
      if (count > 100) throw new RpcError(400, "Count is larger than MaxCount limit <100>")
      const found = [...world.graphs.values()]
        .filter((graph) => graph.colonyname === colonyname && graph.state === state)
        .reverse()
      for (const graph of found) {
        const lost = graph.roots.find((root) => !world.processes.has(root))
        if (lost !== undefined) {
          const why = `process with ID=${lost} not found`
          throw new RpcError(400, `Failed to iterate processgraph, ${why}`)
        }
      }
      return orNull(found.slice(0, count).map(onWire))
    },
  ),
  cancelprocessgraphmsg: on(
    "cancel processgraph",
    { processgraphid: "string" },
    ({ processgraphid }, { world, caller }) => {
      const graph = graphOf(world, caller, processgraphid)
      const left = processesOf(world, graph).filter(({ state }) => state < 2)
      for (const process of left) if (process.state < 2) end(world, process, 4)
      graph.state = 4
      return {}
    },
  ),
  removeprocessgraphmsg: on(
    "remove processgraph",
    { processgraphid: "string", all: "bool" },
    ({ processgraphid }, { world, caller }) => {
      const graph = graphOf(world, caller, processgraphid)
      if (graph.state === 1) {
        throw new RpcError(
          400,
          "Failed to remove processgraph, cannot remove a running processgraph",
        )
      }
      remove(world, graph)
      return {}
    },
  ),
  removeallprocessgraphsmsg: on(
    "remove all processgraphs",
    { colonyname: "string", state: "int" },
    ({ colonyname, state }, { world, caller }) => {
      needColonyOwner(world, caller, colonyname)
      if (state === 1) throw new RpcError(400, "Not possible to remove running processgraphs")
      for (const graph of [...world.graphs.values()]) {
        const fits = state === -1 ? graph.state !== 1 : graph.state === state
        if (graph.colonyname === colonyname && fits) remove(world, graph)
      }
      return {}
    },
  ),
  addchildmsg: on(
    "add child",
    {
      processgraphid: "string",
      parentprocessid: "string",
      childprocessid: "string",
      spec: { pointer: functionSpec },
      insert: "bool",
    },
    ({ processgraphid, parentprocessid, spec }, { world, caller }) => {
      const graph = graphOf(world, caller, processgraphid)
      const parent = processOf(world, caller, parentprocessid, "add child")
      if (spec === null) throw new RpcError(400, "Failed to add child, msg.FunctionSpec is nil")
      if (parent.assignedTo !== caller || parent.state !== 1) {
        throw new RpcError(403, "Failed to add child, not allowed to add child")
      }
      const id = newId()
      const initiator = { id: graph.initiatorId, name: graph.initiatorName }
      const place = { id, graph: graph.id, parents: [parent.id] }
      addProcess(world, initiator, inWorkflow(spec, graph.colonyname), place)
      parent.children.push(id)
      graph.processes.push(id)
      return {}
    },
  ),
}

function submit({ world, caller }: Call, colony: string, specs: readonly FunctionSpec[]): unknown {
  const name = needMember(world, caller, colony)
  const ids = new Map<string, string>()
  for (const { nodename } of specs) {
    if (nodename === "") {
      throw new RpcError(500, "Nodename is missing, check function spec for errors")
    }
    if (ids.has(nodename)) throw new RpcError(500, `Duplicate nodename: ${nodename}`)
    ids.set(nodename, newId())
  }
  const parentsOf = (spec: FunctionSpec) => spec.conditions.dependencies ?? []
  const idOf = (spec: FunctionSpec) => ids.get(spec.nodename) ?? ""
  const roots = specs.filter((spec) => parentsOf(spec).length === 0).map(idOf)
  const graph: Graph = {
    id: newId(),
    initiatorId: caller,
    initiatorName: name,
    colonyname: colony,
    submitted: world.now(),
    roots,
    processes: [],
    state: 0,
    started: 0n,
    ended: 0n,
  }
  // Stored before the rest is looked at: what is refused from here on leaves an orphan behind.
  world.graphs.set(graph.id, graph)
  if (specs.some((spec) => parentsOf(spec).some((parent) => !ids.has(parent)))) {
    throw new RpcError(
      500,
      "Failed to submit workflow, invalid dependencies, are you depending on a nodename that does not exits?",
    )
  }
  const added: Process[] = []
  for (const spec of specs) {
    const parents = parentsOf(spec).map((parent) => ids.get(parent) ?? "")
    const place = { id: idOf(spec), graph: graph.id, parents }
    try {
      added.push(addProcess(world, { id: caller, name }, inWorkflow(spec, colony), place))
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      for (const { id } of added) world.processes.delete(id)
      throw new RpcError(500, "Failed to submit workflow, failed to add process")
    }
  }
  for (const process of added) {
    for (const parent of process.parents) world.processes.get(parent)?.children.push(process.id)
  }
  // A graph without roots lists no processes and waits for ever.
  if (roots.length > 0) graph.processes.push(...added.map(({ id }) => id))
  world.changes.emit("waiting")
  return { ...onWire(graph), nodes: [], edges: [] }
}

function inWorkflow(spec: FunctionSpec, colonyname: string): FunctionSpec {
  return {
    ...spec,
    maxexectime: spec.maxexectime === 0 ? -1 : spec.maxexectime,
    conditions: { ...spec.conditions, colonyname },
  }
}

function graphOf(world: World, caller: string, id: string): Graph {
  const graph = world.graphs.get(id)
  if (graph === undefined) {
    throw new RpcError(404, "Failed to get processgraph, processgraph not found")
  }
  needMember(world, caller, graph.colonyname)
  return graph
}

function processesOf(world: World, graph: Graph): readonly Process[] {
  return graph.processes.flatMap((id) => world.processes.get(id) ?? [])
}

function remove(world: World, graph: Graph): void {
  for (const id of graph.processes) world.processes.delete(id)
  world.graphs.delete(graph.id)
}

function onWire(graph: Graph) {
  // Unlike a process's, the zero times of a graph were never in the database.
  const time = (value: bigint) => (value === 0n ? "0001-01-01T00:00:00Z" : timeText(value))
  return {
    processgraphid: graph.id,
    initiatorid: graph.initiatorId,
    initiatorname: graph.initiatorName,
    colonyname: graph.colonyname,
    rootprocessids: graph.roots,
    state: graph.state,
    submissiontime: time(graph.submitted),
    starttime: time(graph.started),
    endtime: time(graph.ended),
    processids: graph.processes,
  }
}

const colors = ["#eee8d8", "#4689cd", "#92d050", "#cb4239", "#f5a623"]

function picture(world: World, graph: Graph) {
  const processes = processesOf(world, graph)
  const rows = Object.values(Object.groupBy(processes, (process) => depth(world, process)))
  const nodes = rows.flatMap((row = [], y) =>
    row.map((process, column) => ({
      id: process.id,
      data: { label: process.spec.nodename },
      position: { x: column * 200 - (row.length * 200 - 50) / 2, y: 80 * y },
      type: process.parents.length === 0 ? "input" : process.children.length === 0 ? "output" : "",
      style: { color: "", background: colors[process.state] },
    })),
  )
  const edges = processes.flatMap((process) =>
    process.children.map((child) => ({
      id: `${process.id}-${child}`,
      source: process.id,
      target: child,
      animated: process.state === 1,
    })),
  )
  return { nodes, edges }
}

/** A cycle that hangs off a root ends at the first process seen twice. */
function depth(world: World, process: Process, seen: ReadonlySet<string> = new Set()): number {
  const parents = process.parents.filter((id) => !seen.has(id))
  const above = parents.flatMap((id) => world.processes.get(id) ?? [])
  const below = new Set([...seen, process.id])
  return above.reduce((most, parent) => Math.max(most, depth(world, parent, below) + 1), 0)
}
