import { posix, sep } from "node:path"

/** A label as the server keeps it: one slash in front, none behind. */
export function normalLabel(label: string): string {
  return `/${label.replace(/^\/+|\/+$/g, "")}`
}

/** The label of a folder below the one that is kept under `label`; `folder` is relative, "" is itself. */
export function labelBelow(label: string, folder: string): string {
  const below = folder.split(sep).join("/")
  return below === "" ? label : normalLabel(`${label === "/" ? "" : label}/${below}`)
}

/**
 * Where something with this label belongs, relative to the folder that is kept under `root`;
 * undefined when it would lie outside of it.
 */
export function folderBelow(root: string, label: string): string | undefined {
  if (label === root) return ""
  const start = root === "/" ? "/" : `${root}/`
  return label.startsWith(start) ? safePath(label.slice(start.length)) : undefined
}

/** The path as it was given, if it stays in its folder: other people choose the names of files. */
export function safePath(path: string): string | undefined {
  const isSafe = path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part))
  return isSafe && !posix.isAbsolute(path) ? path : undefined
}

/** The name as it was given, if it is one and no path. */
export function safeName(name: string): string | undefined {
  return name.includes("/") ? undefined : safePath(name)
}
