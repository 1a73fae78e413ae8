import { createHash } from "node:crypto"
import type { Place } from "#engine/place"
import type { ColoniesRequest, PlaceInfo } from "#engine/protocol"
import { ColonyError } from "../client/colonyError.ts"
import type { Profile } from "../profile.ts"
import { clusterError } from "./clusterError.ts"
import { ColoniesPlace } from "./coloniesPlace.ts"
import { readProfile } from "./readProfile.ts"

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

function digestOf(profile: Profile): string {
  return createHash("sha256").update(JSON.stringify(profile)).digest("hex").slice(0, 16)
}
