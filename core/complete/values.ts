import type { Path } from "../spec/describe.ts"
import type { World } from "./offer.ts"
import { suppliers } from "./suppliers.ts"
import type { NameWish } from "./taskNames.ts"
import { endsIn, fromSchema, type Values } from "./value.ts"
import type { Where } from "./where.ts"

/** What may stand at a path: names from the file and the cluster, words and amounts from the schema. */
export function valuesAt(where: Where, path: Path, wish: NameWish, world: World): Values {
  for (const { dialects, tails, give } of suppliers) {
    if (!dialects.includes(where.dialect) || !tails.some((tail) => endsIn(path, tail))) continue
    const given = give({ where, path, wish, world })
    return Array.isArray(given) ? { values: given, isCut: false } : (given as Values)
  }
  return { values: fromSchema(where, path), isCut: false }
}
