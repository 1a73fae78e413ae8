import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { Refusal } from "../refusal.mts"
import { type Choices, type Layout, nodeAddress, serviceAddress } from "./layout.mts"
import { tool, toolPath, tried } from "./shell.mts"

/** Makes the bridge, which no physical link belongs to, and the rules that keep pods on it. */
export async function raiseNetwork(layout: Layout, choices: Choices): Promise<void> {
  const { bridge, table } = layout
  if (!(await tried("ip", "link", "show", bridge))) {
    await tool("ip", "link", "add", bridge, "type", "bridge")
    await tool("ip", "addr", "add", `${nodeAddress(choices)}/16`, "dev", bridge)
  }
  await tool("ip", "link", "set", bridge, "up")
  // Service addresses never leave through the default route, whatever rule is missing.
  await tool("ip", "route", "replace", `${choices.serviceRange}.0.0/16`, "dev", bridge)
  // The API server listens on loopback only; packets from pods may be turned there, on this link alone.
  writeFileSync(`/proc/sys/net/ipv4/conf/${bridge}/route_localnet`, "1")
  const api = `127.0.0.1:${choices.ports.api}`
  await loadRules(`
table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain forward {
    type filter hook forward priority 0
    iifname "${bridge}" oifname != "${bridge}" drop
    iifname != "${bridge}" oifname "${bridge}" drop
  }
  chain arriving {
    type nat hook prerouting priority -100
    iifname "${bridge}" ip daddr ${serviceAddress(choices)} tcp dport 443 dnat to ${api}
    iifname "${bridge}" ip daddr ${nodeAddress(choices)} tcp dport ${choices.ports.api} dnat to ${api}
  }
  chain local {
    type nat hook output priority -100
    ip daddr ${serviceAddress(choices)} tcp dport 443 dnat to ${api}
    ip daddr ${nodeAddress(choices)} tcp dport ${choices.ports.api} dnat to ${api}
  }
}
`)
}

export async function dropNetwork({ bridge, table }: Layout): Promise<void> {
  await Promise.all([
    tried("ip", "link", "del", bridge),
    tried("nft", "delete", "table", "ip", table),
  ])
}

async function loadRules(rules: string): Promise<void> {
  const nft = spawn("nft", ["-f", "-"], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, PATH: toolPath },
  })
  nft.stdin.end(rules)
  let said = ""
  nft.stderr.setEncoding("utf8").on("data", (text) => {
    said += text
  })
  const [code] = await once(nft, "close")
  if (code !== 0) throw new Refusal(`nft refused the cluster's rules: ${said.trim()}`)
}
