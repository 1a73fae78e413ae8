import { colonies } from "./colonies/colonies.ts"
import type { Entry } from "./command.ts"
import { completionFor } from "./commands/completion.ts"
import { controller } from "./commands/controller.ts"
import { convert } from "./commands/convert.ts"
import { deleteRun } from "./commands/delete.ts"
import { describe } from "./commands/describe.ts"
import { drive } from "./commands/drive.ts"
import { events } from "./commands/events.ts"
import { get } from "./commands/get.ts"
import { graph } from "./commands/graph.ts"
import { install } from "./commands/install.ts"
import { leaveDriver } from "./commands/leaveDriver.ts"
import { lint } from "./commands/lint.ts"
import { logs } from "./commands/logs.ts"
import { plan } from "./commands/plan.ts"
import { resume } from "./commands/resume.ts"
import { retry } from "./commands/retry.ts"
import { run } from "./commands/run.ts"
import { stop } from "./commands/stop.ts"
import { suspend } from "./commands/suspend.ts"
import { uninstall } from "./commands/uninstall.ts"

/** Every command, in the order `--help` lists them. */
export const commands: readonly Entry[] = [
  lint,
  graph,
  plan,
  convert,
  run,
  get,
  describe,
  logs,
  events,
  stop,
  suspend,
  resume,
  retry,
  drive,
  leaveDriver,
  deleteRun,
  install,
  uninstall,
  controller,
  colonies,
  completionFor(() => commands),
]
