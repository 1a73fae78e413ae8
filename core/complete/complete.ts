import { describe, type Path, schemaAt } from "../spec/describe.ts"
import { detectDocument } from "../spec/detect.ts"
import { resolve } from "../spec/schema.ts"
import type { Position, SpecFile, Standing } from "../spec/specFile.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import { dialects } from "../workflow.ts"
import { documentation } from "./documentation.ts"
import { expressionOffers } from "./expression.ts"
import type { Offer, Offers, World } from "./offer.ts"
import type { ItemPlace, KeyPlace, Place, SlotPlace } from "./place.ts"
import { type Piece, render, renderKey, renderValue, type Sample } from "./render.ts"
import { freeName, neededKeys, sampleAt } from "./samples.ts"
import { allTasks, type NameWish, targets } from "./taskNames.ts"
import { jobTemplates, type Template, taskTemplates, wholeFiles } from "./templates.ts"
import { trial } from "./trial.ts"
import { type Value, valuesAt } from "./values.ts"
import { type Where, where } from "./where.ts"

/** Offers and the document and task whose text their spans count in. */
export interface Completion extends Offers {
  readonly standing: Standing
  readonly item: TaskItem | undefined
}

/** What may be written at a position. Nothing is offered that the checks would refuse there. */
export function complete(file: SpecFile, position: Position, world: World): Completion | undefined {
  const standing = file.standingAt(position.line)
  if (!standing) return undefined
  const { text } = standing.document
  if (text.items.length === 0 && isBlank(text.frame()))
    return { standing, item: undefined, ...startOffers(standing, position, world) }
  const found = where(file, position)
  if (!found?.place) return undefined
  const { offers, isCut } = offersAt(found, found.place, world)
  const isHarmless = trial(found, world.path)
  // Names of tasks were chosen among thousands by what the checks look at.
  const kept = offers.filter((offer) => offer.kind === "task" || isHarmless(offer))
  return { standing, item: found.item, offers: kept, isCut }
}

function isBlank(text: string): boolean {
  return /^(?:\ufeff|\s|#.*|---(?=\s|$)|[A-Za-z-]+\s*$)*$/.test(text) && text.length < 2000
}

function startOffers({ document, line }: Standing, position: Position, world: World): Offers {
  const at = { line: position.line - line, character: position.character }
  const { offset } = document.text.spotAt(at)
  const text = document.text.frame()
  const word = /[A-Za-z-]*$/.exec(text.slice(0, offset))?.[0] ?? ""
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1
  if (text.slice(lineStart, offset - word.length).trim() !== "") return { offers: [], isCut: false }
  const isJson = /\.json$/i.test(world.path)
  const byName = detectDocument("", world.path)
  const offers = dialects
    .filter((dialect) => !byName || dialect === byName)
    .map((dialect): Offer => {
      const { label, documentation, sample } = wholeFiles[dialect]
      const form = isJson ? "json" : "block"
      return {
        label,
        kind: "snippet",
        documentation,
        insert: [...render(sample, form, 0), "\n"],
        isWhole: true,
        span: { start: lineStart, end: offset },
      }
    })
  return { offers, isCut: false }
}

function offersAt(found: Where, place: Place, world: World): Offers {
  const inText = expressionOffers(found, place)
  if (inText) return whole(inText)
  switch (place.kind) {
    case "key":
      return whole([
        ...keyOffers(found, place, place.path, world),
        ...entryOffers(found, place, place.path, world),
        ...(place.items && !place.hasColon
          ? itemOffers(found, place, place.items, world).offers
          : []),
      ])
    case "value":
      return place.isBlock ? whole([]) : valueOffers(found, place, world)
    case "item":
      return itemOffers(found, place, place.path, world)
    case "slot":
      return slotOffers(found, place, world)
  }
}

function whole(offers: readonly Offer[]): Offers {
  return { offers, isCut: false }
}

function keyOffers(found: Where, place: Place, path: Path, world: World): readonly Offer[] {
  const { dialect, scanned } = found
  const placed = schemaAt(dialect, path)
  if (!placed) return []
  const taken = new Set([...(scanned.at(path)?.keys.keys() ?? [])].map((key) => key.toLowerCase()))
  const needed = neededKeys(placed).filter((key) => !taken.has(key.toLowerCase()))
  const keys = Object.keys(placed.schema.properties ?? {})
  const order = [...needed, ...keys.filter((key) => !needed.includes(key))]
  return order.flatMap((key) => {
    if (taken.has(key.toLowerCase())) return []
    const property = placed.schema.properties?.[key]
    const schema = property && resolve(property, placed.file).schema
    const isSetByServer =
      /^(?:Set by|When the|Which program)/.test(schema?.description ?? "") ||
      (dialect === "execution" && path.length === 0 && key === "status")
    if (!schema || schema.deprecated || schema["x-ignored"] !== undefined || isSetByServer)
      return []
    const sample = sampleAt(found, [...path, key], world)
    if (sample === undefined) return []
    return [keyOffer(found, place, [...path, key], key, sample)]
  })
}

function keyOffer(found: Where, place: Place, path: Path, key: string, sample: Sample): Offer {
  const description = describe(found.dialect, path)
  const hasColon = place.kind === "key" && place.hasColon
  const name = renderKey(key, place.form)
  const value = hasColon ? [] : [":", ...renderValue(sample, place.form, place.column)]
  return {
    label: key,
    kind: "key",
    detail: description && `${description.type}${description.required ? ", required" : ""}`,
    documentation: description && documentation(description),
    insert: [name, ...value, ...comma(place, hasColon)],
    isWhole: false,
    ...spotOf(found, place, key),
  }
}

/** A new entry of a map whose keys the author chooses: a volume, an input, a job. */
function entryOffers(
  found: Where,
  place: KeyPlace | SlotPlace,
  path: Path,
  world: World,
): readonly Offer[] {
  if (place.kind === "key" && place.hasColon) return []
  if (found.dialect === "gcs" && path.length === 1 && path[0] === "workflow") {
    const tools = valuesAt(found, ["workflow", "x", "tool"], anyName, world).values
    const texts = tools.flatMap(({ value }) => (typeof value === "string" ? [value] : []))
    return jobTemplates(...namesFor(found), texts).map((template) =>
      templateOffer(found, place, template, [
        { stop: template.key, choices: [] },
        ":",
        ...renderValue(template.sample, place.form, place.column),
      ]),
    )
  }
  const placed = schemaAt(found.dialect, path)
  const example = placed?.schema.examples?.[0]
  const isOpen = typeof placed?.schema.additionalProperties === "object"
  if (!isOpen || typeof example !== "object" || example === null) return []
  const sample = sampleAt(found, path, world)
  if (typeof sample !== "object" || sample === null || Array.isArray(sample)) return []
  const [entry] = Object.entries(sample)
  if (!entry || found.scanned.at(path)?.keys.has(entry[0])) return []
  const [key, value] = entry
  const name = renderKey(key, place.form)
  const label = String(path.at(-1) ?? "").replace(/s$/, "")
  return [
    templateOffer(found, place, { label: `new ${label}`, documentation: "", sample: value }, [
      ...(name === key ? [{ stop: key, choices: [] }] : [name]),
      ":",
      ...renderValue(value, place.form, place.column),
    ]),
  ]
}

function templateOffer(
  found: Where,
  place: Place,
  { label, documentation }: Template,
  insert: readonly Piece[],
): Offer {
  return {
    label,
    kind: "snippet",
    documentation: documentation === "" ? undefined : documentation,
    insert: [...insert, ...comma(place, false)],
    isWhole: true,
    ...spotOf(found, place, label),
  }
}

/** Another item of a list, its dash included. */
function itemOffers(
  found: Where,
  place: KeyPlace | ItemPlace | SlotPlace,
  path: Path,
  world: World,
): Offers {
  const inner = { ...place, kind: "slot", isItem: true, column: place.column + 2 } as const
  const item: SlotPlace = { ...inner, path: [...path, found.scanned.at(path)?.items ?? 0] }
  const { offers, isCut } = slotOffers(found, item, world, true)
  const dashed = offers.map((offer) => ({ ...offer, insert: ["- ", ...offer.insert] }))
  return { offers: dashed, isCut }
}

/** Where nothing is written yet: the value, or the first key, or the first item. */
function slotOffers(found: Where, place: SlotPlace, world: World, isDashed = false): Offers {
  const { path } = place
  const placed = schemaAt(found.dialect, path)
  const types = [placed?.schema.type ?? []].flat()
  const offers: Offer[] = []
  if (types.includes("object")) {
    if (isTask(found, path)) offers.push(...taskOffers(found, place))
    if (place.isItem && !isTask(found, path)) {
      const sample = sampleAt(found, path, world)
      const title = placed?.schema.title ?? "item"
      if (sample !== undefined) {
        const template = { label: `new ${title}`, documentation: "", sample }
        offers.push(templateOffer(found, place, template, render(sample, place.form, place.column)))
      }
    }
    if (!isDashed || !isTask(found, path)) offers.push(...keyOffers(found, place, path, world))
    offers.push(...entryOffers(found, place, path, world))
  }
  if (types.includes("array") && !place.isItem) {
    const { offers: items, isCut } = itemOffers(found, place, path, world)
    if (offers.length === 0) return { offers: items, isCut }
    offers.push(...items)
  }
  const { offers: values, isCut } = valueOffers(found, place, world)
  return { offers: [...offers, ...values], isCut }
}

function valueOffers(found: Where, place: Place, world: World): Offers {
  const { path } = place
  const types = [schemaAt(found.dialect, path)?.schema.type ?? []].flat()
  const written = found.text.slice(place.span.start, Math.max(place.span.start, found.offset))
  const wish = { typed: written.replace(/^["']/, ""), span: place.span, most: mostNames }
  const { values, isCut } = valuesAt(found, path, wish, world)
  const offers = values.map((value) => valueOffer(found, place, value))
  if (place.kind === "value" && place.form !== "block") {
    const isNested = types.includes("object") || types.includes("array")
    const sample = isNested && written === "" ? sampleAt(found, path, world) : undefined
    if (sample !== undefined) {
      const label = types.includes("object") ? "{ … }" : "[ … ]"
      const insert = render(sample, place.form, place.column)
      offers.push(templateOffer(found, place, { label, documentation: "", sample }, insert))
      if (isTask(found, path)) offers.push(...taskOffers(found, place))
    }
  }
  return { offers, isCut }
}

const mostNames = 100

function valueOffer(found: Where, place: Place, value: Value): Offer {
  const insert = render(value.value, place.form, place.column)
  const text =
    typeof value.value === "object" && value.value !== null
      ? value.value.parts.map((part) => (typeof part === "string" ? part : part.stop)).join("")
      : String(value.value)
  return {
    label: text.includes("\n") ? JSON.stringify(text) : text,
    kind: value.kind,
    detail: value.detail,
    documentation: value.documentation,
    insert: [...insert, ...comma(place, false)],
    isWhole: true,
    ...spotOf(found, place, text),
  }
}

function taskOffers(found: Where, place: Place): readonly Offer[] {
  return taskTemplates(found.dialect, ...namesFor(found)).map((template) =>
    templateOffer(found, place, template, render(template.sample, place.form, place.column)),
  )
}

const anyName: NameWish = { typed: "", span: undefined, most: 20 }

/** A name that is free, the tasks that a new one may wait for, and those whose result it may read. */
function namesFor(found: Where): [string, readonly string[], readonly string[]] {
  const { members } = found.standing.document
  const nearest = newTaskNames(found)
  const read = nearest.filter((name) => {
    const steps = members?.named(name)[0]?.task.steps
    return steps?.kind === "known" && steps.count === 1
  })
  return [freeName(found), nearest, read]
}

/** A new task is none of those that are there: it may wait for each of them. */
function newTaskNames(found: Where): readonly string[] {
  const task = found.task
  const isEmpty = !task?.task.name
  const { names } = isEmpty ? targets(found, anyName) : allTasks(found, anyName)
  const own = task?.task.name?.value
  return own === undefined ? names : [own, ...names.filter((name) => name !== own)]
}

function isTask({ dialect, standing }: Where, path: Path): boolean {
  if (dialect === "gcs" || dialect === "function") return false
  const above = standing.document.frame?.path ?? (dialect === "execution" ? ["spec", "tasks"] : [])
  return path.length === above.length + 1 && above.every((part, index) => part === path[index])
}

function spotOf(found: Where, place: Place, label: string) {
  const { span, commaAt } = place
  const quote = /^["']/.exec(found.text.slice(span.start, span.end))?.[0]
  return { span, commaAt, filter: quote && quote + label }
}

function comma(place: Place, hasColon: boolean): readonly Piece[] {
  return place.comma && !hasColon ? [","] : []
}
