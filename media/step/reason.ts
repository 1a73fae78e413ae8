import { lengthText } from "#core/view/length"
import type { StepDetail } from "#core/view/stepDetail"
import { clockText } from "../shared/clock.ts"
import { codicon, element } from "../shared/element.ts"
import { phaseSign } from "../shared/phaseSign.ts"
import { t } from "../shared/words.ts"
import { type Draw, isOver, triesOf } from "./model.ts"
import type { EventView, StepAct } from "./protocol.ts"

/** Why it stands as it does, in the user's names, with what can be done about it. */
export function reasonBox(
  detail: StepDetail,
  events: readonly EventView[],
  { theme, now, post }: Draw,
): readonly HTMLElement[] {
  const { step } = detail
  const reason = step.reason
  const gone = goneSentence(detail)
  if (reason === null && gone === undefined) return []
  const isLong = reason?.since !== undefined && now - reason.since > 60_000
  const tone = toneOf(step.phase, reason?.isStuck === true || isLong)
  const lines = [
    reason === null
      ? undefined
      : step.phase === "failed"
        ? t('"{step}" {why}.', { step: step.id, why: bare(reason.sentence) })
        : t('"{step}": {why}.', { step: step.id, why: bare(reason.sentence) }),
    triesSentence(detail),
    waitSentence(detail, events, now),
    gone,
  ].filter((line) => line !== undefined)
  const [first = "", ...rest] = lines
  const links = linksOf(detail).map(([act, text]) => {
    const button = element("button", { class: "link" }, text)
    button.addEventListener("click", () => post({ kind: "act", act }))
    return button
  })
  return [
    element(
      "section",
      { class: `reason ${tone}`, "aria-label": t("Why") },
      tone === "warn" ? codicon("warning") : phaseSign(step.phase, theme),
      element(
        "div",
        { class: "grow" },
        element("p", { class: "strong" }, first),
        ...rest.map((line) => element("p", {}, line)),
        ...(links.length > 0 ? [element("div", { class: "links" }, ...links)] : []),
      ),
    ),
  ]
}

function toneOf(phase: string, isWarned: boolean): string {
  if (phase === "failed" || phase === "stopped") return "bad"
  if (isWarned) return "warn"
  return phase === "waiting" || phase === "queued" || phase === "running" ? "wait" : "calm"
}

/** A sentence ends once, also where the reason already ends in a sign. */
function bare(sentence: string): string {
  return sentence.replace(/\.$/, "")
}

function triesSentence(detail: StepDetail): string | undefined {
  const failed = triesOf(detail).filter(
    ({ phase, reason }) => phase === "failed" && reason !== null,
  )
  if (failed.length < 2 || detail.step.phase !== "failed") return undefined
  const isSame = failed.every(({ reason }) => reason === failed[0]?.reason)
  if (!isSame) return t("The {count} tries ended in different ways.", { count: failed.length })
  const times = failed.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null
      ? []
      : [Date.parse(finishedAt) - Date.parse(startedAt)],
  )
  if (failed.length === 2) {
    return t("Both tries ended the same way, after {times} of work.", {
      times: times.map(lengthText).join(t(" and ")),
    })
  }
  if (failed.length <= 4) {
    return t("All {count} tries ended the same way, after {times} of work.", {
      count: failed.length,
      times: times.map(lengthText).join(", "),
    })
  }
  const [least, most] = [Math.min(...times), Math.max(...times)].map(lengthText)
  return least === most
    ? t("All {count} tries ended the same way, each after {length} of work.", {
        count: failed.length,
        length: least ?? "",
      })
    : t("All {count} tries ended the same way, after {least} to {most} of work.", {
        count: failed.length,
        least: least ?? "",
        most: most ?? "",
      })
}

function waitSentence(
  detail: StepDetail,
  events: readonly EventView[],
  now: number,
): string | undefined {
  const since = detail.step.reason?.since
  if (isOver(detail) || since === undefined) return undefined
  const asked = events
    .filter(({ reason }) => reason === "FailedScheduling")
    .reduce((sum, { count }) => sum + count, 0)
  const places = { time: clockText(since), length: lengthText(now - since), count: asked }
  return asked > 1
    ? t("It is so since {time}, for {length}; a node was asked for {count} times.", places)
    : t("It is so since {time}, for {length}.", places)
}

function goneSentence(detail: StepDetail): string | undefined {
  const { attempts, phase } = detail.step
  if (!isOver(detail) || attempts.length === 0 || phase === "reused") return undefined
  const tries = triesOf(detail)
  if (tries.length === 0) return t("Its pods were removed. What was known is shown.")
  const times = tries.map(({ detail: pod }) => pod?.deletedAt ?? null)
  const last = times
    .filter((time) => time !== null)
    .sort()
    .at(-1)
  if (last === undefined || times.includes(null)) return undefined
  return t("The pod was removed at {time}. What was known is shown.", { time: clockText(last) })
}

/** The field of the text that says how much it may have, where that was too little. */
function tooLow(reason: StepDetail["step"]["reason"]): string | undefined {
  if (reason?.kind !== "out-of-memory" && reason?.kind !== "deadline") return undefined
  const { field } = reason
  return field === "memory" || field === "activeDeadlineSeconds" ? field : undefined
}

function linksOf({ step, source, task }: StepDetail): readonly (readonly [StepAct, string])[] {
  const links: (readonly [StepAct, string])[] = []
  const limit = source === null ? undefined : tooLow(step.reason)
  if (limit !== undefined) links.push(["raise", t('Raise "{field}"…', { field: limit })])
  if (source !== null) {
    const field = step.reason?.field
    links.push([
      "source",
      field === undefined
        ? t('Go to "{task}" in {file}', { task, file: source.file })
        : t('Go to "{field}" of "{task}" in {file}', { field, task, file: source.file }),
    ])
  }
  links.push(["tree", t("Show in Runs")])
  if (step.phase === "failed" || step.phase === "stopped") {
    links.push(["retry", t("Retry This Step as It Was")])
  }
  return links
}
