import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { ClusterError } from "#engine/clusterError"
import type { Place } from "#engine/place"
import type { ColoniesProfile, ColoniesRequest, PlaceInfo } from "#engine/protocol"
import { ColonyError } from "../client/colonyError.ts"
import { type Profile, profileOfEnvironment, readExports } from "../profile.ts"
import { ColoniesPlace, clusterError } from "./coloniesPlace.ts"

/** Reads the profile somebody means; nothing is asked of its server yet. */
export async function openColoniesPlace({
  profile: asked,
}: ColoniesRequest): Promise<{ info: PlaceInfo; place: Place }> {
  const profile = await readProfile(asked)
  const { server, colony } = profile
  const info: PlaceInfo = {
    // Another key or another storage is another place; neither can be read from this.
    id: JSON.stringify(["colonies", `${server.host}:${server.port}`, colony, digestOf(profile)]),
    kind: "colonies",
    kubeconfig: "",
    context: asked.name,
    namespace: colony,
    server: `${server.tls ? "https" : "http"}://${server.host}:${server.port}`,
  }
  try {
    return { info, place: new ColoniesPlace(info, profile) }
  } catch (error) {
    if (error instanceof ColonyError) throw clusterError(error)
    throw error
  }
}

/** With what its file says now. */
export async function readProfile({
  name,
  variables,
  file,
  skipVerify,
}: ColoniesProfile): Promise<Profile> {
  const own = file === undefined ? {} : readExports(await readText(file, name))
  const profile = profileOfEnvironment({ ...variables, ...own })
  if ("faults" in profile) {
    throw new ClusterError(
      "config",
      `The Colonies profile "${name}" is not whole. ${profile.faults.join(" ")}`,
      undefined,
      { fault: "broken", ...(file === undefined ? {} : { file }) },
    )
  }
  return skipVerify ? { ...profile, server: { ...profile.server, skipVerify: true } } : profile
}

async function readText(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : ""
    throw new ClusterError(
      "config",
      `The file "${file}" of the Colonies profile "${name}" cannot be read${code}.`,
      undefined,
      { fault: "broken", file },
    )
  }
}

function digestOf(profile: Profile): string {
  return createHash("sha256").update(JSON.stringify(profile)).digest("hex").slice(0, 16)
}
