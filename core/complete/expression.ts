import { inputsOf } from "../spec/gcs/inputs.ts"
import type { Offer } from "./offer.ts"
import type { Place } from "./place.ts"
import type { NameWish } from "./taskNames.ts"
import { readable } from "./taskNames.ts"
import { endsIn } from "./values.ts"
import type { Where } from "./where.ts"

/** What may stand inside `$\{` in a text, or inside the brackets of a function; undefined elsewhere. */
export function expressionOffers(where: Where, place: Place): readonly Offer[] | undefined {
  if (place.kind !== "value" && place.kind !== "slot") return undefined
  const before = where.text.slice(place.span.start, where.offset)
  const opened = /\$(?:\{[^}]*)?$/.exec(before)
  if (opened) return references(where, place, where.offset - opened[0].length)
  const call = /(get_result|check_result)\(\s*([^,()"']*)$/.exec(before)
  if (!call || where.dialect !== "gcs") return undefined
  return called(where, where.offset - (call[2]?.length ?? 0))
}

function references(where: Where, place: Place, start: number): readonly Offer[] {
  const rest = /^[^\s}"'$]*\}?/.exec(where.text.slice(where.offset))?.[0] ?? ""
  const closed = rest.endsWith("}") ? rest : ""
  const span = { start, end: where.offset + closed.length }
  const { path } = place
  return names(where, path).map(({ name, detail }) => ({
    label: name,
    kind: "variable",
    detail,
    insert: [`\${${name}}`],
    isWhole: true,
    span,
    filter: `\${${name}}`,
  }))
}

function names(where: Where, path: Place["path"]): readonly { name: string; detail: string }[] {
  const isCommand =
    endsIn(path, ["commandsIter", "command"]) || endsIn(path, ["commands_iter", "command"])
  const found: { name: string; detail: string }[] = []
  if (isCommand || endsIn(path, ["paths_iter", "path"])) {
    for (let row = 1; row <= rowCount(where, path); row++) {
      found.push({ name: String(row), detail: `value of row ${row}` })
    }
    found.push({ name: "item", detail: "number of the command" })
  }
  const head = where.standing.document.frame?.head
  if (where.dialect === "gcs" && head) {
    for (const { name, type, value } of inputsOf(head).values()) {
      const shown = value === undefined ? "" : ` = ${JSON.stringify(value)}`
      found.push({ name, detail: `${type ?? "input"}${shown}`.slice(0, 60) })
    }
  }
  return found
}

function rowCount({ scanned }: Where, path: Place["path"]): number {
  const above = path.slice(0, -1)
  const rows = ["varsIter", "vars_iter"].map((key) => scanned.at([...above, key])?.items ?? 0)
  // The lines of "vars" are taken one by one, so each has all the columns.
  const line = scanned.at([...above, "vars", 0])?.items ?? 0
  return Math.max(...rows, line)
}

function called(where: Where, start: number): readonly Offer[] {
  const rest = /^[^,()"'\s]*/.exec(where.text.slice(where.offset))?.[0] ?? ""
  const wish: NameWish = { typed: "", span: undefined, most: 20 }
  return readable(where, wish).names.map((name) => ({
    label: name,
    kind: "task",
    insert: [name],
    isWhole: true,
    span: { start, end: where.offset + rest.length },
  }))
}
