import { type Command, command, type Entry } from "../command.ts"
import { completionScript, type Shell, shells } from "../completionScript.ts"
import { Refusal } from "../refusal.ts"
import { either, quote } from "../words.ts"

/** Needs the list of commands it is itself a part of, and so gets it when it is asked. */
export function completionFor(commands: () => readonly Entry[]): Command {
  return command({
    name: "completion",
    summary: "Print the script that completes commands and names in a shell",
    usage: [shells.join("|")],
    details: [
      "bash: source <(kube-executions completion bash)",
      "zsh:  source <(kube-executions completion zsh)",
      "fish: kube-executions completion fish | source",
    ],
    options: {},
    run: async ({ positionals }, io) => {
      const [written, second] = positionals
      const shell = shells.find((one): one is Shell => one === written)
      if (shell === undefined || second !== undefined) {
        const wrong = second ?? written
        const not = wrong === undefined ? "" : `, not ${quote(wrong)}`
        throw new Refusal(`Name your shell: ${either(shells)}${not}.`, 2)
      }
      io.stdout.write(completionScript(shell, commands()))
      return 0
    },
  })
}
