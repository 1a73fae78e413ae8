import { randomUUID } from "node:crypto"
import { EventEmitter } from "node:events"
import type { FunctionSpec } from "./functionSpec.mts"
import { digest } from "./identity.mts"
import { RpcError } from "./rpcError.mts"

/** Everything the server knows. Plain tables; the rules are in the files beside this one. */
export interface World {
  readonly options: WorldOptions
  readonly colonies: Map<string, Colony>
  readonly users: User[]
  readonly executors: Executor[]
  readonly functions: FunctionRow[]
  readonly processes: Map<string, Process>
  readonly graphs: Map<string, Graph>
  readonly logs: LogRow[]
  readonly files: FileRow[]
  readonly snapshots: Snapshot[]
  /** "process" with a process whose state changed; "waiting" when something may be assigned. */
  readonly changes: EventEmitter
  now(): bigint
}

export interface WorldOptions {
  readonly serverId: string
  readonly exclusive: boolean
  readonly reregister: boolean
  readonly staleSeconds: number
}

export interface Colony {
  readonly colonyid: string
  readonly name: string
  paused: boolean
}

export interface User {
  readonly colonyname: string
  readonly userid: string
  readonly name: string
  readonly email: string
  readonly phone: string
}

export interface Executor {
  readonly executorid: string
  readonly executortype: string
  readonly executorname: string
  readonly colonyname: string
  readonly locationname: string
  state: 0 | 1 | 2 | 3
  readonly requirefuncreg: boolean
  readonly commissioned: bigint
  lastHeard: bigint
  /** Whether it ever asked for work: the sweep of silent executors looks at no other. */
  asked: boolean
  capabilities: unknown
  allocations: unknown
}

export interface FunctionRow {
  readonly functionid: string
  readonly executorid: string
  readonly colonyname: string
  readonly json: Readonly<Record<string, unknown>>
}

export type State = 0 | 1 | 2 | 3 | 4

export interface Process {
  readonly id: string
  readonly initiatorId: string
  readonly initiatorName: string
  readonly spec: FunctionSpec
  readonly graph: string
  readonly submitted: bigint
  readonly priorityTime: bigint
  readonly attributes: Attribute[]
  readonly parents: string[]
  readonly children: string[]
  assignedTo: string
  isAssigned: boolean
  state: State
  waitingForParents: boolean
  /** 0n stands for a time that is not set, here and in all that follow. */
  started: bigint
  ended: bigint
  waitUntil: bigint
  runUntil: bigint
  retries: number
  in: unknown[]
  out: unknown[]
  errors: string[]
}

export interface Attribute {
  readonly attributeid: string
  readonly targetid: string
  readonly targetcolonyname: string
  readonly targetprocessgraphid: string
  readonly state: number
  readonly attributetype: number
  readonly key: string
  readonly value: string
}

export interface Graph {
  readonly id: string
  readonly initiatorId: string
  readonly initiatorName: string
  readonly colonyname: string
  readonly submitted: bigint
  readonly roots: string[]
  readonly processes: string[]
  state: State
  started: bigint
  ended: bigint
}

export interface LogRow {
  readonly processid: string
  readonly colonyname: string
  readonly executorname: string
  readonly message: string
  readonly timestamp: bigint
}

export interface FileRow {
  readonly fileid: string
  readonly colonyname: string
  readonly label: string
  readonly name: string
  readonly size: number
  readonly sequencenr: number
  readonly checksum: string
  readonly checksumalg: string
  readonly ref: unknown
  readonly added: bigint
}

export interface Snapshot {
  readonly snapshotid: string
  readonly colonyname: string
  readonly label: string
  readonly name: string
  readonly fileids: readonly string[] | null
  readonly added: bigint
}

export function createWorld(options: WorldOptions): World {
  const base = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint()
  const changes = new EventEmitter()
  // Each waiting executor and each subscription listens.
  changes.setMaxListeners(0)
  let last = 0n
  return {
    options,
    colonies: new Map(),
    users: [],
    executors: [],
    functions: [],
    processes: new Map(),
    graphs: new Map(),
    logs: [],
    files: [],
    snapshots: [],
    changes,
    now: () => {
      const now = base + process.hrtime.bigint()
      last = now > last ? now : last + 1n
      return last
    },
  }
}

export const newId = () => digest(randomUUID()).toString("hex")

export function needServerOwner(world: World, caller: string): void {
  if (caller !== world.options.serverId) throw new RpcError(403, "Access denied, not server owner")
}

export function needColonyOwner(world: World, caller: string, name: string): Colony {
  const colony = colonyNamed(world, name)
  if (caller !== colony.colonyid) throw new RpcError(403, "Access denied, not colony owner")
  return colony
}

/** A user of the colony or an approved executor; its name. */
export function needMember(world: World, caller: string, name: string): string {
  const member = findMember(world, caller, name, [1])
  if (member === undefined) throw notMember(name)
  return member
}

/** As a member, but an executor that waits for its approval counts too. */
export function needCandidate(world: World, caller: string, name: string): void {
  if (findMember(world, caller, name, [0, 1]) === undefined) throw notMember(name)
}

export function colonyNamed(world: World, name: string): Colony {
  const colony = world.colonies.get(name)
  if (colony === undefined) throw new RpcError(403, `Colony with name <${name}> does not exists`)
  return colony
}

export function executorNamed(world: World, colony: string, name: string): Executor | undefined {
  return world.executors.find((e) => e.colonyname === colony && e.executorname === name)
}

/** RFC 3339 in the zone of the server's database, which is not UTC: clients must read the offset. */
export function timeText(time: bigint): string {
  if (time === 0n) return "0001-01-01T01:12:12+01:12"
  const micros = time / 1000n
  const shifted = new Date(Number(micros / 1000n) + 3_600_000).toISOString().slice(0, 19)
  const fraction = String(micros % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "")
  return `${shifted}${fraction === "" ? "" : `.${fraction}`}+01:00`
}

/** Go's slices that were never made. */
export const orNull = <T,>(list: readonly T[]): readonly T[] | null =>
  list.length === 0 ? null : list

export const seconds = (count: number) => BigInt(Math.round(count)) * 1_000_000_000n

function findMember(world: World, caller: string, name: string, states: readonly number[]) {
  colonyNamed(world, name)
  const user = world.users.find((u) => u.colonyname === name && u.userid === caller)
  if (user !== undefined) return user.name
  return world.executors.find(
    (e) => e.colonyname === name && e.executorid === caller && states.includes(e.state),
  )?.executorname
}

function notMember(name: string): RpcError {
  return new RpcError(403, `Access denied, not a member of Colony with name <${name}>`)
}
