import { describe, type Path } from "../spec/describe.ts"
import { inputsOf } from "../spec/gcs/inputs.ts"
import type { OfferKind, World } from "./offer.ts"
import { type Joined, type Scalar, type Stop, stop } from "./render.ts"
import { seen } from "./seen.ts"
import { allTasks, type Names, type NameWish, readable, targets } from "./taskNames.ts"
import type { Where } from "./where.ts"

/** A scalar that may stand at a place. */
export interface Value {
  readonly value: Scalar | Joined
  readonly kind: OfferKind
  readonly detail?: string | undefined
  readonly documentation?: string | undefined
}

export interface Values {
  readonly values: readonly Value[]
  readonly isCut: boolean
}

/** What may stand at a path: names from the file and the cluster, words and amounts from the schema. */
export function valuesAt(where: Where, path: Path, wish: NameWish, world: World): Values {
  for (const { dialects, tails, give } of suppliers) {
    if (!dialects.includes(where.dialect) || !tails.some((tail) => endsIn(path, tail))) continue
    const given = give({ where, path, wish, world })
    return Array.isArray(given) ? { values: given, isCut: false } : (given as Values)
  }
  return { values: fromSchema(where, path), isCut: false }
}

interface Asked {
  readonly where: Where
  readonly path: Path
  readonly wish: NameWish
  readonly world: World
}

interface Supplier {
  readonly dialects: readonly Where["dialect"][]
  /** Ends of paths: `*` is any key or number. */
  readonly tails: readonly (readonly string[])[]
  readonly give: (asked: Asked) => readonly Value[] | Values
}

export function endsIn(path: Path, tail: readonly string[]): boolean {
  if (tail.length > path.length) return false
  return tail.every((part, index) => {
    const here = path[path.length - tail.length + index]
    return part === "*" || String(here).toLowerCase() === part.toLowerCase()
  })
}

function fromSchema({ dialect }: Where, path: Path): readonly Value[] {
  const found = describe(dialect, path)
  if (!found) return []
  const standard = found.default === undefined ? undefined : String(found.default)
  const detail = (value: string) => (value === standard ? "default" : undefined)
  if (found.values.length > 0) {
    return found.values.map(({ value, description }) => ({
      value,
      kind: "value",
      detail: detail(value),
      documentation: description,
    }))
  }
  if (found.type === "true or false") {
    return [true, false].map((value) => ({ value, kind: "value", detail: detail(String(value)) }))
  }
  // A name of one's own would only be in the way of the next Enter.
  if (ownWords.has(String(path.at(-1)))) return []
  const examples = [found.default, ...found.examples].filter(isScalarValue)
  return [...new Set(examples)].map((value) => ({
    value,
    kind: "value",
    detail: detail(String(value)),
  }))
}

const ownWords = new Set(["name", "nodename", "generateName", "namespace", "command", "cmd", "key"])

function isScalarValue(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
}

function tasks({ names, isCut }: Names): Values {
  return { values: names.map((value) => ({ value, kind: "task" })), isCut }
}

function plain(values: readonly Scalar[], kind: OfferKind, detail?: string): readonly Value[] {
  return values.map((value) => ({ value, kind, detail }))
}

/** Names from the cluster, then those that the file has and the cluster was not seen to have. */
function named({ where }: Asked, known: readonly string[], keys: readonly string[], what: string) {
  const others = seen(where, keys).filter((name) => !known.includes(name))
  return [
    ...plain(known, "name", `${what} in the cluster`),
    ...plain(others, "name", "in this file"),
  ]
}

const kubernetes = ["execution"] as const
const gcs = ["gcs"] as const
const colonies = ["function", "colonies-workflow"] as const

const suppliers: readonly Supplier[] = [
  {
    dialects: ["execution", "gcs"],
    tails: [
      ["dependents", "*", "target"],
      ["depends", "*", "target"],
    ],
    give: ({ where, path, wish }) => {
      const item = where.scanned.at(path.slice(0, -1))
      return tasks(targets(where, wish, /iterate/.test(item?.keys.get("type") ?? "")))
    },
  },
  {
    dialects: ["execution", "gcs"],
    tails: [
      ["genericCondition", "dependJobName"],
      ["generic_condition", "depend_job_name"],
    ],
    give: ({ where, wish }) => tasks(readable(where, wish)),
  },
  {
    dialects: kubernetes,
    tails: [
      ["commandsIter", "varsIter", "*", "*"],
      ["condition", "condition", "*"],
    ],
    give: ({ where, path, wish }) => {
      const calls = readable(where, wish).names
      if (path.at(-1) === 1) return tasks({ names: calls, isCut: false })
      if (path.at(-1) !== 0) return []
      const call = path.includes("varsIter") ? "get_result" : "check_result"
      const truths: readonly Value[] = call === "check_result" ? plain([true], "value") : []
      return calls.length > 0 ? [...truths, { value: call, kind: "function" }] : truths
    },
  },
  {
    dialects: kubernetes,
    tails: [
      ["until", "*"],
      ["rerun", "*"],
    ],
    give: ({ where, wish }) => tasks(allTasks(where, wish)),
  },
  {
    dialects: kubernetes,
    tails: [["image"]],
    give: (asked) => {
      const images = named(asked, asked.world.cluster.images, ["image"], "runs")
      return images.length > 0 ? images : fromSchema(asked.where, asked.path)
    },
  },
  {
    dialects: ["execution", "gcs"],
    tails: [
      ["mountFrom", "pvc"],
      ["mount_from", "pvc"],
      ["persistentVolumeClaim", "claimName"],
    ],
    give: (asked) => {
      const claims = named(asked, asked.world.cluster.claims, ["pvc", "claimName"], "claim")
      return claims.length > 0 ? claims : fromSchema(asked.where, asked.path)
    },
  },
  {
    dialects: kubernetes,
    tails: [["serviceAccountName"]],
    give: (asked) =>
      named(asked, asked.world.cluster.serviceAccounts, ["serviceAccountName"], "account"),
  },
  {
    dialects: kubernetes,
    tails: [["storageClassName"]],
    give: (asked) =>
      named(asked, asked.world.cluster.storageClasses, ["storageClassName"], "class"),
  },
  {
    dialects: kubernetes,
    tails: [
      ["secret", "secretName"],
      ["secretKeyRef", "name"],
      ["secretRef", "name"],
      ["imagePullSecrets", "*", "name"],
    ],
    give: (asked) => named(asked, asked.world.cluster.secrets, ["secretName"], "secret"),
  },
  {
    dialects: kubernetes,
    tails: [["memory"], ["ephemeral-storage"], ["storage"]],
    give: ({ wish }) =>
      amounts(
        wish.typed,
        ["Mi", "Gi", "Ti"],
        ["256Mi", "512Mi", "1Gi", "2Gi", "4Gi", "8Gi", "16Gi", "32Gi"],
      ),
  },
  {
    dialects: kubernetes,
    tails: [["cpu"]],
    give: ({ wish }) => amounts(wish.typed, ["m", ""], ["250m", "500m", "1", "2", "4", "8"]),
  },
  {
    dialects: gcs,
    tails: [["resources", "cpu"]],
    give: ({ wish }) => amounts(wish.typed, ["c"], ["1c", "2c", "4c", "8c"]),
  },
  {
    dialects: gcs,
    tails: [["resources", "memory"]],
    give: ({ wish }) => amounts(wish.typed, ["G"], ["1G", "2G", "4G", "8G", "16G"]),
  },
  {
    dialects: gcs,
    tails: [["workflow", "*", "tool"]],
    give: (asked) => {
      const known = asked.world.tools
      const others = seen(asked.where, ["tool"]).filter((tool) => !known.includes(tool))
      const tools = [...plain(known, "name", "tool file"), ...plain(others, "name", "in this file")]
      return tools.length > 0 ? tools : fromSchema(asked.where, asked.path)
    },
  },
  {
    dialects: gcs,
    tails: [
      ["commands_iter", "vars_iter", "*"],
      ["commands_iter", "vars", "*"],
      ["paths_iter", "vars_iter", "*"],
      ["paths_iter", "vars", "*"],
    ],
    give: ({ where, path, wish }) => [
      ...inputValues(where, ["array"]),
      call(
        "range",
        [stop(0), ", ", stop(3)],
        "The numbers from a start up to, not including, an end.",
      ),
      ...(path.includes("vars_iter") && path.includes("commands_iter")
        ? readable(where, wish).names.map((name) =>
            call(
              "get_result",
              [stop(name), ', "', stop("\\n"), '"'],
              "What a job printed, cut into pieces.",
            ),
          )
        : []),
    ],
  },
  {
    dialects: gcs,
    tails: [["workflow", "*", "condition"]],
    give: ({ where, wish }) => [
      ...plain([true], "value"),
      ...inputValues(where, ["string"]),
      ...readable(where, wish).names.map((name) =>
        call(
          "check_result",
          [stop(name), ', "', stop("PASS"), '"'],
          "Runs only if a job printed this text.",
        ),
      ),
    ],
  },
  {
    dialects: gcs,
    tails: [
      ["inputs", "*", "default"],
      ["inputs", "*", "value"],
    ],
    give: ({ where, path }) => {
      const type = where.scanned.at(path.slice(0, -1))?.keys.get("type") ?? ""
      return /bool/.test(type) ? plain([true, false], "value") : []
    },
  },
  {
    dialects: ["colonies-workflow"],
    tails: [["conditions", "dependencies", "*"]],
    give: ({ where, wish }) => tasks(targets(where, wish)),
  },
  {
    dialects: colonies,
    tails: [["funcname"]],
    give: ({ where }) => alsoSeen(where, "funcname", ["execute"]),
  },
  {
    dialects: colonies,
    tails: [["conditions", "executortype"]],
    give: ({ where }) => alsoSeen(where, "executortype", ["kubeexecutor", "container-executor"]),
  },
  {
    dialects: colonies,
    tails: [["conditions", "colonyname"]],
    give: ({ where }) => alsoSeen(where, "colonyname", []),
  },
  {
    dialects: colonies,
    tails: [["docker-image"]],
    give: ({ where }) => alsoSeen(where, "docker-image", ["busybox"]),
  },
  {
    dialects: colonies,
    tails: [["conditions", "cpu"]],
    give: ({ wish }) => amounts(wish.typed, ["m"], ["500m", "1000m", "2000m", "4000m"]),
  },
  {
    dialects: colonies,
    tails: [
      ["conditions", "mem"],
      ["gpu", "mem"],
    ],
    give: ({ wish }) => amounts(wish.typed, ["Mi", "Gi"], ["256Mi", "512Mi", "1Gi", "4Gi", "16Gi"]),
  },
  {
    dialects: colonies,
    tails: [
      ["dirs", "*", "label"],
      ["snapshots", "*", "label"],
      ["dirs", "*", "dir"],
      ["snapshots", "*", "dir"],
    ],
    give: ({ where }) => {
      const known = [...seen(where, ["label", "dir"])].filter((label) => label.startsWith("/"))
      return plain(known.length > 0 ? known : ["/data"], "name")
    },
  },
  {
    dialects: colonies,
    tails: [
      ["kwargs", "rebuild-image"],
      ["kwargs", "debug"],
    ],
    give: () => plain([true, false], "value"),
  },
]

function alsoSeen(where: Where, key: string, known: readonly string[]): readonly Value[] {
  const found = seen(where, [key])
  return plain([...found, ...known.filter((one) => !found.includes(one))], "name")
}

/** Amounts of the size that is being typed, else some that are common. */
function amounts(typed: string, units: readonly string[], common: readonly string[]) {
  const number = /^["']?(\d{1,6}(?:\.\d{1,3})?)/.exec(typed)?.[1]
  const own = number === undefined ? [] : units.map((unit) => number + unit)
  const all = [...new Set([...own, ...common])]
  return plain(
    all.map((text) => (/^\d+$/.test(text) ? Number(text) : text)),
    "value",
  )
}

function inputValues(where: Where, types: readonly string[]): readonly Value[] {
  const head = where.standing.document.frame?.head
  const inputs = head ? [...inputsOf(head).values()] : []
  return inputs
    .filter(({ type }) => type !== undefined && types.includes(type))
    .map(({ name, type }) => ({ value: `\${${name}}`, kind: "variable", detail: type }))
}

function call(name: string, parts: readonly (string | Stop)[], documentation: string): Value {
  return { value: { parts: [`${name}(`, ...parts, ")"] }, kind: "function", documentation }
}
