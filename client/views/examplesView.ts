import { type Disposable, ThemeIcon, TreeItem, window } from "vscode"
import { type Example, exampleTitles } from "../examples.ts"

/** Small specs to try things with; a click opens a copy. */
export function createExamplesView(): Disposable {
  const titles = exampleTitles()
  return window.createTreeView<Example>("kubeExecutions.examples", {
    treeDataProvider: {
      getChildren: (example) => (example ? [] : (Object.keys(titles) as Example[])),
      getTreeItem: (example) => {
        const { title, detail } = titles[example]
        const item = new TreeItem(title)
        item.description = detail
        item.tooltip = detail
        item.iconPath = new ThemeIcon("file-code")
        item.command = { command: "kubeExecutions.openExample", title: "", arguments: [example] }
        return item
      },
    },
  })
}
