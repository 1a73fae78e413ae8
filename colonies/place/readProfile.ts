import { readFile } from "node:fs/promises"
import { ClusterError } from "#engine/clusterError"
import type { ColoniesProfile } from "#engine/protocol"
import { type Profile, profileOfEnvironment, readExports } from "../profile.ts"

/** The profile somebody means, with what its file says now. */
export async function readProfile({
  name,
  variables,
  file,
  skipVerify,
  insecure,
}: ColoniesProfile): Promise<Profile> {
  const own = file === undefined ? {} : readExports(await readText(file, name))
  const profile = profileOfEnvironment({
    ...variables,
    ...own,
    ...(insecure ? { COLONIES_TLS: "false" } : {}),
  })
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
