import { type Handlers, on } from "./handler.mts"
import { RpcError } from "./rpcError.mts"
import { type FileRow, needMember, newId, orNull, timeText, type World } from "./world.mts"

export const files: Handlers = {
  addfilemsg: on(
    "add file",
    {
      file: {
        fields: {
          colonyname: "string",
          label: "string",
          name: "string",
          size: "int",
          checksum: "string",
          checksumalg: "string",
          ref: {
            fields: {
              protocol: "string",
              s3object: {
                fields: {
                  server: "string",
                  port: "int",
                  tls: "bool",
                  accesskey: "string",
                  secretkey: "string",
                  region: "string",
                  encryptionkey: "string",
                  encryptionalg: "string",
                  object: "string",
                  bucket: "string",
                },
              },
            },
          },
        },
      },
    },
    ({ file }, { world, caller }) => {
      needMember(world, caller, file.colonyname)
      const label = normal(file.label)
      const earlier = revisions(world, file.colonyname, label, file.name)
      const sequencenr = (earlier[0]?.sequencenr ?? 0) + 1
      const row = { ...file, label, fileid: newId(), sequencenr, added: world.now() }
      world.files.push(row)
      return fileOnWire(row)
    },
  ),
  getfilemsg: on(
    "get file",
    { colonyname: "string", fileid: "string", label: "string", name: "string", latest: "bool" },
    ({ colonyname, fileid, label, name, latest }, { world, caller }) => {
      needMember(world, caller, colonyname)
      if (fileid !== "") {
        const found = world.files.filter((f) => f.colonyname === colonyname && f.fileid === fileid)
        if (found.length === 0) throw new RpcError(400, "Failed to get file")
        return found.map(fileOnWire)
      }
      const found = revisions(world, colonyname, normal(label), name)
      if (found.length === 0) throw new RpcError(404, "Failed to get file")
      return found.slice(0, latest ? 1 : undefined).map(fileOnWire)
    },
  ),
  getfilesmsg: on(
    "get files",
    { colonyname: "string", label: "string" },
    ({ colonyname, label }, { world, caller }) => {
      needMember(world, caller, colonyname)
      return orNull(
        newest(world, colonyname, (each) => each === normal(label)).map((file) => ({
          name: file.name,
          checksum: file.checksum,
          size: file.size,
          s3filename: objectOf(file),
        })),
      )
    },
  ),
  getfilelabelsmsg: on(
    "get file labels",
    { colonyname: "string", name: "string", exact: "bool" },
    ({ colonyname, name, exact }, { world, caller }) => {
      needMember(world, caller, colonyname)
      const label = normal(name)
      const all = newest(world, colonyname, () => true)
      const counts = new Map<string, number>()
      for (const file of all) counts.set(file.label, (counts.get(file.label) ?? 0) + 1)
      // A label that holds no file itself hides what is below it.
      if (name !== "" && exact && !counts.has(label)) return null
      const fits = (each: string) =>
        name === "" ||
        (exact ? each === label || each.startsWith(below(label)) : each.startsWith(label))
      return orNull(
        [...counts]
          .filter(([each]) => fits(each))
          .map(([each, count]) => ({
            name: each,
            files: count,
          })),
      )
    },
  ),
  removefilemsg: on(
    "remove file",
    { colonyname: "string", fileid: "string", label: "string", name: "string" },
    ({ colonyname, fileid, label, name }, { world, caller }) => {
      needMember(world, caller, colonyname)
      const gone = new Set(
        fileid === ""
          ? revisions(world, colonyname, normal(label), name)
          : world.files.filter((f) => f.colonyname === colonyname && f.fileid === fileid),
      )
      if (gone.size === 0) throw new RpcError(400, "Failed to remove file")
      replace(world.files, (file) => !gone.has(file))
      return {}
    },
  ),
  createsnapshotmsg: on(
    "create snapshot",
    { colonyname: "string", label: "string", name: "string" },
    ({ colonyname, label, name }, { world, caller }) => {
      needMember(world, caller, colonyname)
      if (world.snapshots.some((s) => s.colonyname === colonyname && s.name === name)) {
        const place = `in Colony <${colonyname}> already exists`
        throw new RpcError(500, `Snapshot with name <${name}> ${place}`)
      }
      const kept = label.replace(/\/$/, "")
      const whole = normal(label)
      const root = world.files.some((f) => f.colonyname === colonyname && f.label === whole)
      const inside = root
        ? newest(world, colonyname, (l) => l === whole || l.startsWith(below(whole)))
        : []
      const snapshot = {
        snapshotid: newId(),
        colonyname,
        label: kept,
        name,
        fileids: orNull(inside.map(({ fileid }) => fileid)),
        added: world.now(),
      }
      world.snapshots.push(snapshot)
      return { ...snapshot, added: timeText(snapshot.added) }
    },
  ),
  getsnapshotmsg: on(
    "get snapshot",
    { colonyname: "string", snapshotid: "string", name: "string" },
    ({ colonyname, snapshotid, name }, { world, caller }) => {
      needMember(world, caller, colonyname)
      const found = world.snapshots.find(
        (s) =>
          s.colonyname === colonyname &&
          (snapshotid === "" ? s.name === name : s.snapshotid === snapshotid),
      )
      if (found === undefined) throw new RpcError(400, "Failed to get snapshot")
      return { ...found, added: timeText(found.added) }
    },
  ),
  getsnapshotsmsg: on(
    "get snapshots",
    { colonyname: "string" },
    ({ colonyname }, { world, caller }) => {
      needMember(world, caller, colonyname)
      return orNull(
        world.snapshots
          .filter((snapshot) => snapshot.colonyname === colonyname)
          .map((snapshot) => ({ ...snapshot, added: timeText(snapshot.added) })),
      )
    },
  ),
  removesnapshotmsg: on(
    "remove snapshot",
    { colonyname: "string", snapshotid: "string", name: "string" },
    ({ colonyname, snapshotid, name }, { world, caller }) => {
      needMember(world, caller, colonyname)
      replace(
        world.snapshots,
        (s) =>
          s.colonyname !== colonyname ||
          (snapshotid === "" ? s.name !== name : s.snapshotid !== snapshotid),
      )
      return {}
    },
  ),
  removeallsnapshotmsg: on(
    "remove all snapshots",
    { colonyname: "string" },
    ({ colonyname }, { world, caller }) => {
      needMember(world, caller, colonyname)
      replace(world.snapshots, (snapshot) => snapshot.colonyname !== colonyname)
      return {}
    },
  ),
}

const normal = (label: string) => `/${label.replace(/^\/+|\/+$/g, "")}`
const below = (label: string) => (label === "/" ? "/" : `${label}/`)

/** Newest first. */
function revisions(world: World, colony: string, label: string, name: string) {
  return world.files
    .filter((f) => f.colonyname === colony && f.label === label && f.name === name)
    .reverse()
}

function newest(world: World, colony: string, fits: (label: string) => boolean) {
  const last = new Map<string, FileRow>()
  for (const file of world.files) {
    if (file.colonyname === colony && fits(file.label)) {
      last.set(JSON.stringify([file.label, file.name]), file)
    }
  }
  return [...last.values()]
}

function objectOf({ ref }: FileRow): string {
  const { s3object } = ref as { readonly s3object: { readonly object: string } }
  return s3object.object
}

function fileOnWire(file: FileRow): unknown {
  return { ...file, added: timeText(file.added) }
}

function replace<T>(rows: T[], stays: (row: T) => boolean): void {
  const kept = rows.filter(stays)
  rows.length = 0
  for (const row of kept) rows.push(row)
}
