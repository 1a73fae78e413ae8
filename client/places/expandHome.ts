import { posix, win32 } from "node:path"

/** A path list in which `~/` stands for the home of the user, which no shell has put there. */
export function expandHome(paths: string, home: string, isWindows: boolean): string {
  const { delimiter } = isWindows ? win32 : posix
  const tilde = isWindows ? /^~(?=$|[\\/])/ : /^~(?=$|\/)/
  return paths
    .split(delimiter)
    .map((path) => path.trim().replace(tilde, () => home))
    .join(delimiter)
}
