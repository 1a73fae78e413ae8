import { phaseLooks } from "#core/view/phase"
import { codicon, element, setText } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { startPage } from "../shared/startPage.ts"
import { onThemeChange, readTheme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import type { Head } from "./protocol.ts"

startPage<"graph">((host) => {
  let theme = readTheme()
  let head: Head | null = null
  const name = element("h1", { class: "cut" })
  const phase = element("span", { class: "word" })
  const empty = element("p", {}, t("No tasks yet. The graph grows as you type."))
  const headline = element(
    "header",
    { class: "headline" },
    codicon("type-hierarchy-sub"),
    name,
    phase,
  )
  document.body.append(headline, empty)
  const showHead = () => {
    headline.className = `headline phase-${head?.phase ?? "waiting"}`
    phase.replaceChildren(
      ...(head ? [phaseSign(head.phase, theme), phaseLooks[head.phase].word] : []),
    )
  }
  onThemeChange((now) => {
    theme = now
    showHead()
  })
  host.listen((message) => {
    if (message.kind === "head") {
      head = message.head
      showHead()
    }
    if (message.kind !== "picture") return
    setText(name, message.picture.name)
    empty.hidden = message.picture.tasks.length > 0
  })
})
