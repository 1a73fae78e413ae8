import net from "node:net"
import { type Choices, everyChoice, type Layout, type Ports, readChoices } from "./layout.mts"
import { tool } from "./shell.mts"

/**
 * Chooses ports and address ranges that neither this host nor another clone's cluster uses. The choices
 * of an earlier start are kept where they are still free; `stale` says that kept state cannot be used,
 * because certificates and stored objects name addresses of a range that somebody else took.
 */
export async function choose(layout: Layout): Promise<{ choices: Choices; stale: boolean }> {
  const earlier = readChoices(layout.folder)
  const others = everyChoice()
    .filter(({ id }) => id !== layout.id)
    .map(({ choices }) => choices)
  const taken = [
    ...(await rangesInUse(layout)),
    ...others.flatMap((choices) => [
      `${choices.podRange}.0.0/16`,
      `${choices.serviceRange}.0.0/16`,
    ]),
  ]
  const free = (prefix: string): boolean =>
    !taken.some((range) => overlaps(`${prefix}.0.0/16`, range))
  const ports = await choosePorts(layout.id, earlier?.ports, others)
  if (earlier !== undefined && free(earlier.podRange) && free(earlier.serviceRange)) {
    return { choices: { ...earlier, ports }, stale: false }
  }
  const start = Number.parseInt(layout.id.slice(0, 4), 16) % 60
  for (let step = 0; step < 60; step++) {
    const pair = 128 + 2 * ((start + step) % 60)
    const podRange = `10.${pair}`
    const serviceRange = `10.${pair + 1}`
    if (!free(podRange) || !free(serviceRange)) continue
    const madeAt = new Date().toISOString()
    return {
      choices: { clone: layout.clone, ports, podRange, serviceRange, madeAt },
      stale: earlier !== undefined,
    }
  }
  throw new Error("every range from 10.128.0.0 to 10.247.0.0 is in use on this host")
}

async function rangesInUse(layout: Layout): Promise<string[]> {
  const routes: unknown = JSON.parse(await tool("ip", "-j", "-4", "route", "show", "table", "all"))
  if (!Array.isArray(routes)) return []
  return routes.flatMap((route: { dst?: string; dev?: string }) =>
    route.dst === undefined || route.dst === "default" || route.dev === layout.bridge
      ? []
      : [route.dst],
  )
}

function overlaps(one: string, other: string): boolean {
  const [oneStart, oneEnd] = bounds(one)
  const [otherStart, otherEnd] = bounds(other)
  return oneStart <= otherEnd && otherStart <= oneEnd
}

function bounds(range: string): [first: number, last: number] {
  const [address = "", length = "32"] = range.split("/")
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(length))
  const first = Math.floor(value / size) * size
  return [first, first + size - 1]
}

async function choosePorts(
  id: string,
  earlier: Ports | undefined,
  others: readonly Choices[],
): Promise<Ports> {
  const avoid = new Set(others.flatMap(({ ports }) => Object.values(ports)))
  const kept = new Set(Object.values(earlier ?? {}))
  // Below the range from which the kernel takes the ports of outgoing connections.
  let next = 20000 + (Number.parseInt(id.slice(4, 8), 16) % 1000) * 10
  const pick = async (wish: number | undefined): Promise<number> => {
    if (wish !== undefined && !avoid.has(wish) && (await isFree(wish))) return wish
    while (avoid.has(next) || kept.has(next) || !(await isFree(next))) next++
    return next++
  }
  return {
    api: await pick(earlier?.api),
    etcd: await pick(earlier?.etcd),
    etcdPeer: await pick(earlier?.etcdPeer),
    registry: await pick(earlier?.registry),
    kubelet: await pick(earlier?.kubelet),
  }
}

/** Listening on every address fails when anybody listens on any address. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.on("error", () => resolve(false))
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}
