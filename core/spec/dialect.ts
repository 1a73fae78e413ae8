import type { Text } from "../problem.ts"
import type { Dialect, TaskFacts } from "../workflow.ts"
import type { ScalarNode, TreeNode } from "./tree.ts"

/** What a document says outside its tasks. */
export interface Head {
  readonly name: Text | undefined
  readonly namespace: Text | undefined
  /** What the tasks need of it (declared inputs, …), as the dialect likes it. */
  readonly scope?: unknown
  /** Equal keys promise equal scopes: tasks are read again only when it changes. */
  readonly scopeKey?: string
}

/** How one dialect plugs into the incremental document. */
export interface DialectReader {
  readonly dialect: Dialect
  /**
   * Where the tasks may be, as keys from the root of the document; the first path that is there
   * counts. `[]` is the root itself.
   */
  readonly taskPaths: readonly (readonly string[])[]
  /** list: items of a list; map: entries of a map; one: the document itself is the one task. */
  readonly tasksAre: "list" | "map" | "one"
  /** `root` has nothing where the tasks are. */
  readonly readHead: (root: TreeNode) => Head
  readonly readTask: (body: TreeNode, key: ScalarNode | undefined, head: Head) => TaskFacts
}
