import type { AskedFor } from "#core/view/askedFor"
import { phaseLooks } from "#core/view/phase"
import type { Neighbour, StepDetail } from "#core/view/stepDetail"
import { clockText } from "../shared/clock.ts"
import { codicon, element } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { countText, t } from "../shared/words.ts"
import { type Draw, type StepModel, triesOf, tryNames } from "./model.ts"

type Row = readonly [name: string | HTMLElement, ...value: readonly (string | HTMLElement)[]]

/** What it runs, asked for, waited for, holds up, and is called where it runs. */
export function sideSections(
  detail: StepDetail,
  { objects, refused, placeKind }: StepModel,
  draw: Draw,
): readonly HTMLElement[] {
  const { step } = detail
  const asked = objects.get("Job")?.asked
  const why = refused.get("Job")
  return [
    ...(step.command === null ? [] : [commandOf(step.command, detail, draw)]),
    ...(asked
      ? [list(t("Asked for"), askedRows(asked, step.reason?.field, draw))]
      : why === undefined
        ? []
        : [element("section", {}, heading(t("Asked for")), element("p", { class: "dim" }, why))]),
    ...section(
      t("Waited for"),
      firstOf(detail.waitedFor, (one) => neighbour(one, detail.resumedFrom, draw)),
    ),
    ...section(t("Holds up"), [
      ...firstOf(detail.holdsUp, (one) => neighbour(one, null, draw)),
      ...(detail.andThen.length === 0
        ? []
        : [[element("span", {}, t("and then")), detail.andThen.join(", ")] as const]),
    ]),
    ...section(placeHeading(placeKind), placeRows(detail, draw)),
  ]
}

const mostNeighbours = 8

/** Those that need to be looked at first; how many more there are, their names at the pointer. */
function firstOf(all: readonly Neighbour[], rowOf: (one: Neighbour) => Row): readonly Row[] {
  const sorted =
    all.length <= mostNeighbours ? all : all.toSorted((a, b) => urgency(b) - urgency(a))
  const rest = sorted.slice(mostNeighbours)
  if (rest.length === 0) return sorted.map(rowOf)
  const names = rest.slice(0, 100).map(({ name }) => name)
  const more = element("span", { class: "dim", title: names.join(", ") })
  more.append(t("and {count} more", { count: countText(rest.length) }))
  return [...sorted.slice(0, mostNeighbours).map(rowOf), [more]]
}

function urgency({ phase }: Neighbour): number {
  return ["waiting", "queued", "running", "stopped", "failed"].indexOf(phase)
}

function commandOf(command: string, detail: StepDetail, { post }: Draw): HTMLElement {
  const title = heading(t("Command"))
  if (detail.source !== null) {
    const go = element("button", { class: "link" }, t("Go to Its Line"))
    go.addEventListener("click", () => post({ kind: "act", act: "source" }))
    title.append(go)
  }
  return element(
    "section",
    {},
    title,
    element(
      "div",
      { class: "command copied" },
      element("pre", { class: "mono", tabindex: 0 }, ...linesOf(command.slice(0, 20_000))),
      copyButton(command, t("Copy the command"), post),
    ),
  )
}

/** Line ends are the only control characters that stay what they are. */
function linesOf(text: string): readonly HTMLElement[] {
  return text.split("\n").map((line) => element("div", {}, line === "" ? " " : line))
}

function askedRows(asked: AskedFor, field: string | undefined, { post }: Draw): readonly Row[] {
  const amount = (
    name: string,
    one: AskedFor["cpu"],
    isCause: boolean,
  ): readonly (readonly [string, HTMLElement])[] => {
    if (one === null) return []
    const { request, limit } = one
    const value = (text: string) =>
      element("span", { class: isCause ? "cause mono" : "mono" }, text)
    const row =
      request === limit
        ? [value(limit ?? ""), element("span", { class: "dim" }, t(" request and limit"))]
        : [
            value(request ?? ""),
            element("span", { class: "dim" }, t(" request")),
            ...(limit === null
              ? []
              : [", ", value(limit), element("span", { class: "dim" }, t(" limit"))]),
          ]
    return [[name, element("span", {}, ...row)]]
  }
  return [
    ...(asked.image === null
      ? []
      : [[t("Image"), copied(asked.image, post, field === "image")] as const]),
    ...amount(t("CPU"), asked.cpu, field === "cpu"),
    ...amount(t("Memory"), asked.memory, field === "memory"),
    ...asked.volumes.map(
      ({ path, from }) =>
        [
          t("Volume"),
          element(
            "span",
            {},
            element("span", { class: "mono" }, path),
            element("span", { class: "dim" }, t(" from {name}", { name: from })),
          ),
        ] as const,
    ),
    ...(asked.backoffLimit === null
      ? []
      : [
          [
            t("Retries"),
            element(
              "span",
              {},
              String(asked.backoffLimit),
              element("span", { class: "dim" }, " backoffLimit"),
            ),
          ] as const,
        ]),
  ]
}

function neighbour(
  { name, step, phase, finishedAt }: Neighbour,
  resumedFrom: string | null,
  { theme, post }: Draw,
): Row {
  const link = element("button", { class: "link cut", title: name, disabled: step === null }, name)
  if (step !== null) link.addEventListener("click", () => post({ kind: "open", step }))
  const word = t(phaseLooks[phase].word)
  const when =
    phase === "reused" && resumedFrom !== null
      ? t(" from {run}", { run: resumedFrom })
      : finishedAt === null
        ? ""
        : t(" at {time}", { time: clockText(finishedAt) })
  return [
    step === null ? element("span", { class: "cut", title: name }, name) : link,
    element(
      "span",
      { class: `stand phase-${phase}` },
      phaseSign(phase, theme, 14),
      word,
      element("span", { class: "dim" }, when),
    ),
  ]
}

function placeHeading(kind: StepModel["placeKind"]): string {
  switch (kind) {
    case "local":
      return t("On this machine")
    case "rehearsal":
      return t("In the rehearsal")
    case "colonies":
      return t("At the Colonies server")
    case "kube":
    case undefined:
      return t("In the cluster")
  }
}

function placeRows(detail: StepDetail, { post }: Draw): readonly Row[] {
  const last = detail.step.attempts.at(-1)
  if (last === undefined) return []
  const tries = triesOf(detail)
  const names = tryNames(detail)
  const node = tries.at(-1)?.node
  return [
    [t("Job"), copied(last.job, post)],
    ...tries
      .map(
        ({ pod }, index) =>
          [
            tries.length === 1 ? t("Pod") : t("Pod, try {number}", { number: names[index] ?? "" }),
            copied(pod, post),
          ] as const,
      )
      .reverse(),
    ...(node ? [[t("Node"), copied(node, post)] as const] : []),
  ]
}

function copied(text: string, post: Draw["post"], isCause = false): HTMLElement {
  return element(
    "span",
    { class: "copied" },
    element("span", { class: isCause ? "cause mono" : "mono" }, text),
    copyButton(text, t('Copy "{text}"', { text: text.slice(0, 300) }), post),
  )
}

function copyButton(text: string, name: string, post: Draw["post"]): HTMLElement {
  const button = element("button", { class: "tool copy", title: name, "aria-label": name })
  button.append(codicon("copy"))
  button.addEventListener("click", () => post({ kind: "copy", text }))
  return button
}

function section(title: string, rows: readonly Row[]): readonly HTMLElement[] {
  return rows.length === 0 ? [] : [list(title, rows)]
}

function list(title: string, rows: readonly Row[]): HTMLElement {
  const pairs = rows.flatMap(([name, ...value]) => [
    element("dt", {}, name),
    element("dd", {}, ...value),
  ])
  return element("section", {}, heading(title), element("dl", {}, ...pairs))
}

function heading(text: string): HTMLElement {
  return element("h2", {}, text)
}
