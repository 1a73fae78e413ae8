import { generateKeyPairSync } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { stringify } from "yaml"
import { type Choices, type Layout, nodeAddress, serviceAddress } from "./layout.mts"
import { tool } from "./shell.mts"

export const nodeName = "bed-node"

const users = [
  { file: "admin", name: "admin", group: "system:masters" },
  { file: "controllers", name: "system:kube-controller-manager", group: "system:none" },
  { file: "scheduler", name: "system:kube-scheduler", group: "system:none" },
  { file: "kubelet", name: `system:node:${nodeName}`, group: "system:nodes" },
]

export const pkiFolder = (layout: Layout): string => path.join(layout.folder, "pki")

/** Makes keys and certificates once, and kubeconfigs each time: they hold the port of this start. */
export async function writeIdentities(layout: Layout, choices: Choices): Promise<void> {
  const folder = pkiFolder(layout)
  if (!existsSync(path.join(folder, "done"))) await makeCertificates(folder, choices)
  const read = (file: string): string => readFileSync(path.join(folder, file)).toString("base64")
  for (const { file } of users) {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "bed",
          cluster: {
            server: `https://127.0.0.1:${choices.ports.api}`,
            "certificate-authority-data": read("ca.crt"),
          },
        },
      ],
      users: [
        {
          name: file,
          user: {
            "client-certificate-data": read(`${file}.crt`),
            "client-key-data": read(`${file}.key`),
          },
        },
      ],
      contexts: [{ name: "bed", context: { cluster: "bed", user: file } }],
      "current-context": "bed",
    }
    writeFileSync(path.join(layout.folder, `${file}.kubeconfig`), stringify(config), {
      mode: 0o600,
    })
  }
}

async function makeCertificates(folder: string, choices: Choices): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = (file: string): string => path.join(folder, file)
  // Without this file openssl would add the extensions of the system's own configuration.
  writeFileSync(at("openssl.cnf"), "[req]\ndistinguished_name = name\n[name]\n")
  const certificate = (file: string, subject: string, ...more: string[]): Promise<string> =>
    tool(
      "openssl",
      ...["req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
      ...["-noenc", "-config", at("openssl.cnf"), "-days", "3650", "-subj", subject],
      ...["-keyout", at(`${file}.key`), "-out", at(`${file}.crt`)],
      ...more.flatMap((extension) => ["-addext", extension]),
      ...(file === "ca" ? [] : ["-CA", at("ca.crt"), "-CAkey", at("ca.key")]),
    )
  await certificate(
    "ca",
    "/CN=kube-executions-test-bed",
    "basicConstraints=critical,CA:TRUE",
    "keyUsage=critical,keyCertSign,digitalSignature",
  )
  const addresses = ["127.0.0.1", nodeAddress(choices), serviceAddress(choices)]
  const names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
  await Promise.all([
    certificate(
      "apiserver",
      "/CN=kube-apiserver",
      "extendedKeyUsage=serverAuth",
      `subjectAltName=${[...addresses.map((a) => `IP:${a}`), ...names.map((n) => `DNS:${n}`)].join(",")}`,
    ),
    certificate(
      "kubelet-client",
      "/O=system:masters/CN=kube-apiserver-kubelet-client",
      "extendedKeyUsage=clientAuth",
    ),
    ...users.map(({ file, name, group }) =>
      certificate(file, `/O=${group}/CN=${name}`, "extendedKeyUsage=clientAuth"),
    ),
  ])
  const tokens = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pem = { format: "pem" } as const
  writeFileSync(at("tokens.key"), tokens.privateKey.export({ type: "pkcs8", ...pem }), {
    mode: 0o600,
  })
  writeFileSync(at("tokens.pub"), tokens.publicKey.export({ type: "spki", ...pem }))
  writeFileSync(at("done"), "")
}
