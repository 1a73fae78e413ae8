import type { Outcome, Perform } from "./memoryCluster.ts"

/**
 * Plays the few shell commands that examples and rehearsals are made of: `echo`, `printf`, `exit`,
 * `true`, `false` and `sleep`, joined by `;` or `&&`. Anything else counts as done without output.
 */
export const performShell: Perform = async (command) => {
  let log = ""
  let exitCode = 0
  for (const part of command.split(/(;|&&)/)) {
    const [word, ...rest] = part.trim().split(/\s+/)
    const argument = rest.join(" ").replace(/^(["'])(.*)\1$/s, "$2")
    switch (word) {
      case "&&":
        if (exitCode !== 0) return { log, exitCode }
        break
      case "echo":
        log += `${argument}\n`
        exitCode = 0
        break
      case "printf":
        log += argument
        exitCode = 0
        break
      case "exit":
        return { log, exitCode: Number(argument) || 0 } satisfies Outcome
      case "false":
        exitCode = 1
        break
      case "sleep":
        // A rehearsal takes no time, but what is meant to run on does not end by itself.
        if (Number(argument) >= 60) return undefined
        break
      default:
        exitCode = 0
    }
  }
  return { log, exitCode }
}
