import { type Handlers, on } from "./handler.mts"
import { onWire } from "./processes.mts"
import { RpcError } from "./rpcError.mts"
import type { Process, World } from "./world.mts"

export interface Subscription {
  readonly timeout: number
  /** Calls back with what to send, until the connection ends. */
  start(send: (process: unknown) => void, gone: AbortSignal): void
}

/** Their answer is a subscription: the connection keeps it. */
export const subscriptions: Handlers = {
  subscribeprocessmsg: on(
    "subscribe to process",
    {
      colonyname: "string",
      processid: "string",
      executortype: "string",
      state: "int",
      timeout: "int",
    },
    ({ processid, state, timeout }, { world }): Subscription => {
      const process = world.processes.get(processid)
      if (process === undefined) throw new RpcError(403, `Invalid process with Id ${processid}`)
      return {
        timeout,
        start: (send, gone) => {
          if (process.state === state) send(onWire(process))
          watch(world, gone, (changed) => {
            if (changed.id === processid && changed.state === state) send(onWire(changed))
          })
        },
      }
    },
  ),
  subscribeprocessesmsg: on(
    "subscribe to processes",
    { colonyname: "string", executortype: "string", state: "int", timeout: "int" },
    (message, { world, caller }): Subscription => {
      if (!world.executors.some((e) => e.executorid === caller && e.state === 1)) {
        throw new RpcError(403, "executor not found")
      }
      return {
        timeout: message.timeout,
        start: (send, gone) =>
          watch(world, gone, (changed) => {
            const { executortype } = changed.spec.conditions
            if (changed.state === message.state && executortype === message.executortype) {
              send(onWire(changed))
            }
          }),
      }
    },
  ),
}

function watch(world: World, gone: AbortSignal, each: (process: Process) => void): void {
  world.changes.on("process", each)
  gone.addEventListener("abort", () => world.changes.off("process", each))
}
