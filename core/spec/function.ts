import type { TaskFacts } from "../workflow.ts"
import type { DialectReader } from "./dialect.ts"
import { field, stringField } from "./functionSpec.ts"
import { itemsOf, type TreeNode, textOf } from "./tree.ts"

/** A Colonies function spec by itself: a workflow of one task. */
export const functionSpec: DialectReader = {
  dialect: "function",
  taskPaths: [[]],
  tasksAre: "one",
  readHead: () => ({ name: undefined, namespace: undefined }),
  readTask: (body) => ({
    ...readNode(body),
    // By itself a function waits for nothing, whatever its conditions say.
    dependencies: [],
    name: textOf(stringField(body, "nodename") ?? stringField(body, "funcname")),
  }),
}

/** A Colonies workflow: a list of function specs, or an object that holds the list. */
export const coloniesWorkflow: DialectReader = {
  dialect: "colonies-workflow",
  taskPaths: [["functionspecs"], []],
  tasksAre: "list",
  readHead: () => ({ name: undefined, namespace: undefined }),
  readTask: readNode,
}

function readNode(body: TreeNode): TaskFacts {
  return {
    span: body.span,
    name: textOf(stringField(body, "nodename")),
    dependencies: itemsOf(field(field(body, "conditions"), "dependencies")).flatMap((node) => {
      const target = textOf(node)
      return target === undefined ? [] : [{ target, type: "whole" as const, span: node.span }]
    }),
    // Nodes and processes are pods and containers of one Job.
    steps: { kind: "known", count: 1 },
  }
}
