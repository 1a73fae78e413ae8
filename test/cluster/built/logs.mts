import { readdirSync, readFileSync, statSync } from "node:fs"
import path from "node:path"
import { Refusal } from "../refusal.mts"
import type { Layout } from "./layout.mts"
import { logFile } from "./processes.mts"

/** Prints one component's log, or with no name the list of all with their sizes. */
export function printLogs(layout: Layout, name: string | undefined): void {
  const names = logNames(layout)
  if (names.length === 0) {
    throw new Refusal(
      'There are no logs: no cluster was started. "npm run cluster -- up" starts one.',
    )
  }
  if (name === undefined) {
    for (const each of names) {
      const size = (statSync(logFile(layout, each)).size / 1024).toFixed(1)
      console.log(`${each.padEnd(24)} ${size.padStart(9)} KiB  ${logFile(layout, each)}`)
    }
    return
  }
  if (!names.includes(name)) {
    throw new Refusal(`There is no log of "${name}": there are ${names.join(", ")}.`)
  }
  process.stdout.write(readFileSync(logFile(layout, name)))
}

export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ""
    throw error
  }
}

function logNames({ folder }: Layout): string[] {
  try {
    return readdirSync(path.join(folder, "logs")).map((file) => path.basename(file, ".log"))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}
