import { nulRefused } from "./functionSpec.mts"
import { type Handlers, on } from "./handler.mts"
import { needRunning, processOf } from "./processes.mts"
import { RpcError } from "./rpcError.mts"
import { needMember, orNull, seconds } from "./world.mts"

export const logs: Handlers = {
  addlogmsg: on(
    "add log",
    { processid: "string", message: "string" },
    ({ processid, message }, { world, caller }) => {
      const process = processOf(world, caller, processid, "add log")
      needRunning(process)
      const executor = world.executors.find(({ executorid }) => executorid === caller)
      if (process.assignedTo !== caller || executor === undefined) {
        throw new RpcError(
          403,
          "Failed to add log, not allowed to add log, only the assigned Executor may att logs",
        )
      }
      if (message.includes("\0")) throw nulRefused(true)
      const { colonyname, executorname } = executor
      world.logs.push({ processid, colonyname, executorname, message, timestamp: world.now() })
      return {}
    },
  ),
  addexecutorlogmsg: on(
    "add log",
    { colonyname: "string", executorname: "string", message: "string" },
    ({ colonyname, executorname, message }, { world, caller }) => {
      if (needMember(world, caller, colonyname) !== executorname) {
        throw new RpcError(403, "Failed to add log, not allowed to add log")
      }
      if (message.includes("\0")) throw nulRefused(true)
      world.logs.push({ processid: "", colonyname, executorname, message, timestamp: world.now() })
      return {}
    },
  ),
  getlogsmsg: on(
    "get logs",
    {
      colonyname: "string",
      processid: "string",
      executorname: "string",
      count: "int",
      since: "long",
      latest: "bool",
    },
    ({ colonyname, processid, executorname, count, since, latest }, { world, caller }) => {
      needMember(world, caller, colonyname)
      if (count > 500) throw new RpcError(403, "Count exceeds max log count (500)")
      if (executorname === "" && !world.processes.has(processid)) {
        throw new RpcError(500, "Failed to get logs, process does not exist")
      }
      const all = world.logs.filter((log) =>
        executorname === ""
          ? log.processid === processid
          : log.colonyname === colonyname && log.executorname === executorname,
      )
      if (count <= 0) return null
      if (latest) return orNull(all.slice(-count))
      return orNull(all.filter(({ timestamp }) => timestamp > since).slice(0, count))
    },
  ),
  searchlogsmsg: on(
    "search logs",
    { colonyname: "string", text: "string", days: "int", count: "int" },
    ({ colonyname, text, days, count }, { world, caller }) => {
      needMember(world, caller, colonyname)
      if (count > 100) throw new RpcError(403, "Count exceeds max log count (100)")
      if (days > 30) throw new RpcError(403, "Days exceeds max days (30)")
      const since = world.now() - seconds(days * 86_400)
      const fits = like(text)
      return orNull(
        world.logs
          .filter(
            (log) =>
              log.colonyname === colonyname && log.timestamp > since && fits.test(log.message),
          )
          .slice(0, count),
      )
    },
  ),
}

/** SQL's LIKE around the text: `%` and `_` stand for anything. */
function like(text: string): RegExp {
  const pattern = text
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".")
  return new RegExp(pattern, "s")
}
