import type { DialectReader } from "../spec/dialect.ts"
import { execution } from "../spec/execution.ts"
import type { Dialect } from "../workflow.ts"
import type { HeadRule, NeighbourRule, TaskRule } from "./rule.ts"
import { unknownDependency } from "./unknownDependency.ts"

/** The dialects we read. A dialect that is not here is found but gets no answers. */
export const readers: Partial<Record<Dialect, DialectReader>> = { execution }

/** Rules that look at one task alone. */
export const taskRules: readonly TaskRule[] = []

/** Rules that look at what stands around the tasks. */
export const headRules: readonly HeadRule[] = []

/** Rules that look at a task and the tasks it names. */
export const neighbourRules: readonly NeighbourRule[] = [unknownDependency]
