import type { Command, Option } from "./command.ts"

export const shells = ["bash", "zsh", "fish"] as const
export type Shell = (typeof shells)[number]

/** The script that teaches a shell our commands, their options, and the names of runs. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case "bash":
      return bash(commands)
    case "zsh":
      return zsh(commands)
    case "fish":
      return fish(commands)
  }
}

const program = "kube-executions"

/** Asks the cluster; a shell that cannot reach one offers nothing. */
const runNames = `${program} get -o name 2>/dev/null`

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

function bash(commands: readonly Command[]): string {
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
    return `    ${command.name})
      case "$prev" in
${values.join("\n")}
      esac
      COMPREPLY=($(compgen -W "${words(command).join(" ")}" -- "$cur"))
      ${rest} ;;`
  })
  const names = commands.map(({ name }) => name).join(" ")
  return `# ${program} completion bash > /etc/bash_completion.d/${program}
_kube_executions() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $COMP_CWORD == 1 ]]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) COMPREPLY=($(compgen -W "${names}" -- "$cur")) ;;
  esac
}
complete -o filenames -F _kube_executions ${program} kubectl-executions
`
}

function zsh(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${plain(summary)}'`).join("\n")
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
    return `    ${command.name})
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
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _kube_executions "$@"
else
  compdef _kube_executions ${program} kubectl-executions
fi
`
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const { name, summary, options } = command
    const here = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`
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
    return [
      `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d '${plain(summary)}'`,
      ...own,
      ...rest,
    ]
  })
  return `# ${program} completion fish > ~/.config/fish/completions/${program}.fish
${lines.join("\n")}
complete -c kubectl-executions -w ${program}
`
}

/** Help texts stand in single quotes, where colons would end them. */
function plain(text: string): string {
  return text.replace(/'/g, "").replaceAll(":", " –")
}
