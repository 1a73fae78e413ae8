import { execFile } from "node:child_process"
import { promisify } from "node:util"

const execute = promisify(execFile)

/** System tools live here even when the caller's PATH, such as a desktop's, leaves these folders out. */
export const toolPath = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`

/** Runs one of the system's tools to its end and answers what it printed; throws with its own words. */
export async function tool(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, {
    env: { ...process.env, PATH: toolPath, LC_ALL: "C" },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

/** Like `tool`, for what may be gone already: answers whether it worked. */
export async function tried(command: string, ...args: readonly string[]): Promise<boolean> {
  return await tool(command, ...args).then(
    () => true,
    () => false,
  )
}
