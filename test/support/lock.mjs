// A lock that two processes of one machine can trust and that a dead owner does not keep. Plain
// JavaScript, because the runner needs it before Node 24 is there.
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { identify, isAlive } from "./identity.mjs"

/** Runs `work` while no other process holds `path`; `onWait` is called once if it has to wait. */
export async function withLock(path, work, onWait = () => {}) {
  await mkdir(dirname(path), { recursive: true })
  const mine = JSON.stringify(identify(process.pid))
  let told = false
  while (!(await take(path, mine))) {
    if (await freeIfAbandoned(path)) continue
    if (!told) onWait()
    told = true
    await wait(200)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path, mine) {
  // A file that is linked into place is there with its content, never empty.
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, mine)
  try {
    await link(fresh, path)
    return true
  } catch (error) {
    if (error.code === "EEXIST") return false
    throw error
  } finally {
    await rm(fresh, { force: true })
  }
}

async function freeIfAbandoned(path) {
  const seen = await readFile(path, "utf8").catch(() => undefined)
  if (seen === undefined) return true
  if (isAlive(JSON.parse(seen))) return false
  // Two who see the same dead owner: the one whose rename succeeds frees it. If in between a third
  // had taken the lock, what was moved is not what was seen, and goes back.
  const aside = `${path}.${process.pid}.stale`
  try {
    await rename(path, aside)
  } catch {
    return true
  }
  if ((await readFile(aside, "utf8")) === seen) await rm(aside, { force: true })
  else await rename(aside, path)
  return true
}
