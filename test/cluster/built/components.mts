import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { auditPolicy } from "./auditPolicy.mts"
import { type Choices, type Layout, nodeAddress } from "./layout.mts"
import { nodeName, pkiFolder } from "./pki.mts"
import { type Component, nodeComponent } from "./processes.mts"

/** How fast the controllers and the scheduler may be; the defaults fit a bed with many short Jobs. */
export interface Settings {
  readonly controllerQps: number
  readonly schedulerQps: number
  readonly jobSyncs: number
}

export const defaultSettings: Settings = { controllerQps: 500, schedulerQps: 500, jobSyncs: 20 }

export interface Bed {
  readonly layout: Layout
  readonly choices: Choices
  readonly settings: Settings
  /** The folder with the built programs. */
  readonly bin: string
}

export function etcd({ layout, choices, bin }: Bed): Component {
  const client = `http://127.0.0.1:${choices.ports.etcd}`
  const peer = `http://127.0.0.1:${choices.ports.etcdPeer}`
  return {
    name: "etcd",
    command: [
      path.join(bin, "etcd"),
      "--name=bed",
      `--data-dir=${path.join(layout.folder, "etcd")}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=bed=${peer}`,
      "--log-level=warn",
      "--quota-backend-bytes=4294967296",
      "--auto-compaction-mode=periodic",
      "--auto-compaction-retention=10m",
    ],
  }
}

export function apiServer({ layout, choices, bin }: Bed): Component {
  const pki = (file: string): string => path.join(pkiFolder(layout), file)
  const policy = write(layout, "audit-policy.json", auditPolicy)
  mkdirSync(path.dirname(layout.auditLog), { recursive: true })
  return {
    name: "kube-apiserver",
    command: [
      path.join(bin, "kube-apiserver"),
      `--etcd-servers=http://127.0.0.1:${choices.ports.etcd}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${choices.ports.api}`,
      // The advertised address may not be loopback; the bed's rules turn what goes there to the port above.
      `--advertise-address=${nodeAddress(choices)}`,
      `--service-cluster-ip-range=${choices.serviceRange}.0.0/16`,
      "--authorization-mode=Node,RBAC",
      "--anonymous-auth=false",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      `--client-ca-file=${pki("ca.crt")}`,
      `--tls-cert-file=${pki("apiserver.crt")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      `--kubelet-client-certificate=${pki("kubelet-client.crt")}`,
      `--kubelet-client-key=${pki("kubelet-client.key")}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki("tokens.pub")}`,
      `--service-account-signing-key-file=${pki("tokens.key")}`,
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${layout.auditLog}`,
      "--audit-log-mode=blocking-strict",
      // 0 would mean 100 MB here, and the judge needs the whole log in one file.
      "--audit-log-maxsize=1000000",
      "--profiling=false",
      "--v=1",
    ],
  }
}

export function controllerManager({ layout, settings, bin }: Bed): Component {
  const pki = (file: string): string => path.join(pkiFolder(layout), file)
  return {
    name: "kube-controller-manager",
    command: [
      path.join(bin, "kube-controller-manager"),
      `--kubeconfig=${path.join(layout.folder, "controllers.kubeconfig")}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${pki("tokens.key")}`,
      `--root-ca-file=${pki("ca.crt")}`,
      `--cluster-signing-cert-file=${pki("ca.crt")}`,
      `--cluster-signing-key-file=${pki("ca.key")}`,
      `--kube-api-qps=${settings.controllerQps}`,
      `--kube-api-burst=${settings.controllerQps * 2}`,
      `--concurrent-job-syncs=${settings.jobSyncs}`,
    ],
  }
}

export function scheduler({ layout, settings, bin }: Bed): Component {
  const config = write(layout, `scheduler-${settings.schedulerQps}.json`, {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: {
      kubeconfig: path.join(layout.folder, "scheduler.kubeconfig"),
      qps: settings.schedulerQps,
      burst: settings.schedulerQps * 2,
    },
  })
  return {
    name: "kube-scheduler",
    command: [path.join(bin, "kube-scheduler"), `--config=${config}`, "--secure-port=0"],
  }
}

export function registry({ choices }: Bed): Component {
  return {
    name: "registry",
    command: [
      process.execPath,
      fileURLToPath(new URL("registry.mts", import.meta.url)),
      String(choices.ports.registry),
    ],
  }
}

/**
 * containerd as the first program of the node: a mount and a pid namespace of its own, in which the
 * usual places (/run, /var/lib, /var/log) are the cluster's folder. So two nodes do not meet, and the
 * end of this one process ends every container and every mount with it.
 */
export function containerd({ layout, choices, bin }: Bed): Component {
  const host = `http://127.0.0.1:${choices.ports.registry}`
  const resolver = `server = "${host}"\n[host."${host}"]\n  capabilities = ["pull", "resolve"]\n`
  for (const name of ["docker.io", "_default"]) {
    write(layout, path.join("certs.d", name, "hosts.toml"), resolver)
  }
  write(layout, "cni/10-bed.conflist", {
    cniVersion: "1.0.0",
    name: "bed",
    plugins: [
      {
        type: "bridge",
        bridge: layout.bridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [
            [
              {
                subnet: `${choices.podRange}.0.0/16`,
                rangeStart: `${choices.podRange}.1.0`,
                gateway: nodeAddress(choices),
              },
            ],
          ],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  })
  write(layout, "containerd.toml", containerdConfig)
  for (const name of ["var-lib", "var-log"]) {
    mkdirSync(path.join(layout.folder, name), { recursive: true })
  }
  // No pod outlives the node, so neither do the addresses that the last node gave out.
  rmSync(path.join(layout.folder, "var-lib/cni"), { recursive: true, force: true })
  return {
    name: nodeComponent,
    command: [
      ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
      ...["sh", "-c", nodeInit, layout.folder, bin],
    ],
  }
}

export function kubelet({ layout, choices }: Bed, nodePid: number): Component {
  write(layout, "kubelet.json", {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: nodeAddress(choices),
    port: choices.ports.kubelet,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/run/bed/pki/ca.crt" },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    // Lowering it needs CAP_SYS_RESOURCE, which a virtual machine or container may not have.
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    clusterDomain: "cluster.local",
    // Nobody listens there, on purpose: a lookup is refused at once, and with no address at all every
    // pod would get the warning MissingClusterDNS, which no real cluster shows.
    clusterDNS: [nodeAddress(choices)],
    resolvConf: "",
    serializeImagePulls: false,
    registryPullQPS: 0,
    maxPods: 250,
    // The disk is shared with everything else on the host.
    evictionHard: {
      "memory.available": "200Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
    },
    imageGCHighThresholdPercent: 100,
    volumePluginDir: "/var/lib/kubelet/volumeplugins",
  })
  const namespaces = `/proc/${nodePid}/ns`
  return {
    name: "kubelet",
    command: [
      "nsenter",
      `--mount=${namespaces}/mnt`,
      `--pid=${namespaces}/pid_for_children`,
      // The end of nsenter is the end of kubelet.
      ...["setpriv", "--pdeathsig", "KILL"],
      ...["sh", "-c", 'until [ -S "$0" ]; do sleep 0.05; done; exec "$@"'],
      "/run/containerd/containerd.sock",
      "/run/bin/kubelet",
      "--config=/run/bed/kubelet.json",
      "--kubeconfig=/run/bed/kubelet.kubeconfig",
      `--hostname-override=${nodeName}`,
      `--node-ip=${nodeAddress(choices)}`,
    ],
  }
}

// The shell stays as the first process of the pid namespace: it reaps what containerd's shims leave,
// and ends the node when containerd ends.
const nodeInit = `set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/bed /run/bin /run/netns /run/containerd
mount --bind "$0" /run/bed
mount --bind "$1" /run/bin
mount --bind /run/bed/var-lib /var/lib
mount --bind /run/bed/var-log /var/log
mount --make-rshared /
containerd --config /run/bed/containerd.toml --log-level warn &
wait $!`

const containerdConfig = `version = 2
oom_score = 0
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  max_concurrent_downloads = 10
  # Without CAP_SYS_RESOURCE runc cannot lower a score, and every sandbox would fail.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/run/bed/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/run/bed/certs.d"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`

/** Kubernetes reads its configuration as YAML, of which JSON is a part. */
function write(layout: Layout, file: string, content: object | string): string {
  const target = path.join(layout.folder, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2))
  return target
}
