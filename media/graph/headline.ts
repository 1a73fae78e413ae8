import "@vscode-elements/elements/dist/vscode-button/index.js"
import { codicon, element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import type { Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import type { Act, Head } from "./protocol.ts"
import { headLine, word } from "./saying.ts"

/** The top line: what it is, how it stands, and the one thing to do next. */
export class Headline {
  readonly element = element("header", { class: "headline" })
  readonly #sign = element("span")
  readonly #name = element("h1", { class: "cut" })
  readonly #word = element("span", { class: "word" })
  readonly #line = element("span", { class: "line dim cut" })
  readonly #actions = element("span", { class: "actions" })
  readonly #act: (act: Act, task: string | null) => void
  #drawn = ""

  constructor(act: (act: Act, task: string | null) => void) {
    this.#act = act
    this.element.append(this.#sign, this.#name, this.#word, this.#line, this.#actions)
  }

  show(name: string, head: Head | null, tasks: number, theme: Theme, failed: string | null): void {
    setText(this.#name, head?.name ?? (name || t("Workflow")))
    setText(this.#word, head ? word(head.phase) : "")
    setText(this.#line, head ? headLine(head, Date.now()) : notRun(tasks))
    // Nothing can be run of what is not known, or has no task.
    const acts = head?.acts ?? (tasks > 0 ? ["run"] : [])
    const drawn = JSON.stringify([head?.phase, acts, failed, theme.kind])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.element.className = `headline phase-${head?.phase ?? "waiting"}`
    this.#sign.replaceChildren(head ? phaseSign(head.phase, theme) : codicon("type-hierarchy-sub"))
    this.#actions.replaceChildren(
      ...acts.map((act) => {
        const isFirst = act !== "stop"
        const button = element("vscode-button", { secondary: !isFirst }, this.#label(act, failed))
        button.addEventListener("click", () => this.#act(act, act === "run again" ? failed : null))
        return button
      }),
    )
  }

  #label(act: Act, failed: string | null): string {
    switch (act) {
      case "run":
        return t("Run")
      case "stop":
        return t("Stop")
      case "run again":
        return failed === null ? t("Run Again") : t('Run Again from "{task}"', { task: failed })
    }
  }
}

function notRun(tasks: number): string {
  if (tasks === 0) return ""
  return tasks === 1 ? t("1 task, not run yet") : t("{count} tasks, not run yet", { count: tasks })
}
