import { type Command, type Entry, flatten, type Option } from "./command.ts"

export const shells = ["bash", "zsh", "fish"] as const
export type Shell = (typeof shells)[number]

/** The script that teaches a shell our commands, their options, and the names of runs. */
export function completionScript(shell: Shell, entries: readonly Entry[]): string {
  const commands = flatten(entries)
  switch (shell) {
    case "bash":
      return bash(commands, beginnings(entries))
    case "zsh":
      return zsh(commands, beginnings(entries))
    case "fish":
      return fish(commands, beginnings(entries))
  }
}

const program = "kube-executions"

/** Asks the cluster; a shell that cannot reach one offers nothing. */
const runNames = `${program} get -o name 2>/dev/null`

/** What people have typed of a command's words, and the words that may come next. */
interface Beginning {
  readonly typed: string
  readonly next: readonly { readonly word: string; readonly summary: string }[]
}

function beginnings(entries: readonly Entry[]): readonly Beginning[] {
  const found = new Map<string, Map<string, string>>()
  const add = (typed: string, word: string, summary: string) => {
    const next = found.get(typed) ?? new Map<string, string>()
    if (!next.has(word)) next.set(word, summary)
    found.set(typed, next)
  }
  for (const { name, summary } of entries) add("", name, summary)
  for (const { name, summary } of flatten(entries)) {
    const parts = name.split(" ")
    for (let i = 1; i < parts.length; i += 1) {
      const typed = parts.slice(0, i).join(" ")
      // A word that several commands share is explained by the last of its words.
      add(typed, parts[i] ?? "", i === parts.length - 1 ? summary : "several commands")
    }
  }
  return Array.from(found, ([typed, next]) => ({
    typed,
    next: Array.from(next, ([word, summary]) => ({ word, summary })),
  }))
}

/** What may stand after a command: files, the names of runs, nothing. */
function operand({ usage }: Command): "file" | "run" | "none" {
  const [first = ""] = usage
  if (/^(?:FILE|FOLDER)/.test(first)) return "file"
  return usage.some((form) => form.startsWith("NAME")) ? "run" : "none"
}

function words({ name, options }: Command): readonly string[] {
  const own = Object.entries(options).flatMap(([long, option]) => [
    `--${long}`,
    ...(option.short ? [`-${option.short}`] : []),
  ])
  return [...own, "--help", ...(name === "completion" ? shells : [])]
}

/** Options whose value is one of a few words. */
function choices(option: Option): readonly string[] {
  return option.kind === "value" ? (option.choices ?? []) : []
}

function bash(commands: readonly Command[], begun: readonly Beginning[]): string {
  const cases = commands.map((command) => {
    const values = Object.entries(command.options).flatMap(([long, option]) => {
      if (option.kind === "flag") return []
      const names = option.short ? `--${long}|-${option.short}` : `--${long}`
      const listed = choices(option)
      return listed.length > 0
        ? [`        ${names}) COMPREPLY=($(compgen -W "${listed.join(" ")}" -- "$cur")); return ;;`]
        : [`        ${names}) COMPREPLY=($(compgen -f -- "$cur")); return ;;`]
    })
    const rest = {
      file: 'COMPREPLY+=($(compgen -f -- "$cur"))',
      run: `[[ $cur == -* ]] || COMPREPLY+=($(compgen -W "$(${runNames})" -- "$cur"))`,
      none: ":",
    }[operand(command)]
    return `    "${command.name}"|"${command.name} "*)
      case "$prev" in
${values.join("\n")}
      esac
      COMPREPLY=($(compgen -W "${words(command).join(" ")}" -- "$cur"))
      ${rest} ;;`
  })
  const groups = begun.map(({ typed, next }) => {
    const list = next.map(({ word }) => word).join(" ")
    const more = typed === "" ? " help --help --version" : " --help"
    return `    "${typed}") COMPREPLY=($(compgen -W "${list}${more}" -- "$cur")) ;;`
  })
  const names = begun[0]?.next.map(({ word }) => word).join(" ") ?? ""
  return `# ${program} completion bash > /etc/bash_completion.d/${program}
_kube_executions() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1}" in
${[...groups, ...cases].join("\n")}
    help) COMPREPLY=($(compgen -W "${names}" -- "$cur")) ;;
  esac
}
complete -o filenames -F _kube_executions ${program} kubectl-executions
`
}

function zsh(commands: readonly Command[], begun: readonly Beginning[]): string {
  const groups = begun.map(({ typed, next }) => {
    const list = next.map(({ word, summary }) => `'${word}:${plain(summary)}'`).join(" ")
    return `    "${typed}")
      commands=(${list})
      _describe command commands ;;`
  })
  const cases = commands.map((command) => {
    const options = Object.entries(command.options).flatMap(([long, option]) => {
      const listed = choices(option)
      const value =
        option.kind === "flag"
          ? ""
          : `:${plain(option.placeholder)}:${listed.length > 0 ? `(${listed.join(" ")})` : "_files"}`
      const text = `[${plain(option.help).replace(/[[\]]/g, "")}]${value}`
      return [
        `        '--${long}${text}'`,
        ...(option.short ? [`        '-${option.short}${text}'`] : []),
      ]
    })
    const rest = {
      file: ["        '*:file:_files'"],
      run: ["        '1:run:_kube_executions_runs'"],
      none: command.name === "completion" ? [`        '1:shell:(${shells.join(" ")})'`] : [],
    }[operand(command)]
    const specs = [...options, "        '--help[show help]'", ...rest].join(" \\\n")
    const depth = command.name.split(" ").length
    return `    "${command.name}"|"${command.name} "*)
      shift ${depth} words
      (( CURRENT -= ${depth} ))
      _arguments -s \\
${specs} ;;`
  })
  return `#compdef ${program} kubectl-executions
# ${program} completion zsh > "\${fpath[1]}/_${program}"
_kube_executions_runs() {
  local -a runs
  runs=(\${(f)"$(${runNames})"})
  compadd -a runs
}
_kube_executions() {
  local -a commands
  case "\${(j: :)words[2,CURRENT-1]}" in
${[...groups, ...cases].join("\n")}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _kube_executions "$@"
else
  compdef _kube_executions ${program} kubectl-executions
fi
`
}

function fish(commands: readonly Command[], begun: readonly Beginning[]): string {
  const groups = begun.flatMap(({ typed, next }) =>
    next.map(
      ({ word, summary }) =>
        `complete -c ${program} -f -n '__kube_executions_is ${typed}' -a ${word} -d '${plain(summary)}'`,
    ),
  )
  const lines = commands.flatMap((command) => {
    const { name, options } = command
    const here = `complete -c ${program} -n '__kube_executions_in ${name}'`
    const own = Object.entries(options).map(([long, option]) => {
      const short = option.short ? ` -s ${option.short}` : ""
      const listed = choices(option)
      const value =
        option.kind === "flag" ? "" : listed.length > 0 ? ` -x -a '${listed.join(" ")}'` : " -r"
      return `${here} -l ${long}${short}${value} -d '${plain(option.help)}'`
    })
    const rest = {
      file: [`${here} -F`],
      run: [`${here} -f -a '(${runNames})'`],
      none: name === "completion" ? [`${here} -f -a '${shells.join(" ")}'`] : [],
    }[operand(command)]
    return [...own, ...rest]
  })
  return `# ${program} completion fish > ~/.config/fish/completions/${program}.fish
function __kube_executions_is
  set -l typed (commandline -opc)
  test "$typed[2..]" = "$argv"
end
function __kube_executions_in
  set -l typed (commandline -opc)
  set -l last (math (count $argv) + 1)
  test (count $typed) -ge $last; and test "$typed[2..$last]" = "$argv"
end
${[...groups, ...lines].join("\n")}
complete -c kubectl-executions -w ${program}
`
}

/** Help texts stand in single quotes, where colons would end them. */
function plain(text: string): string {
  return text.replace(/'/g, "").replaceAll(":", " –")
}
