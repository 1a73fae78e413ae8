import { identityOf, newPrivateKey } from "#colonies/client/identity"
import type { Input } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { Refusal } from "../refusal.ts"
import { quote } from "../words.ts"
import type { idOptions, keygenOptions } from "./commands/keys.ts"

/** `colonies keygen`. */
export async function makeKey({ values }: Input<typeof keygenOptions>, io: Io): Promise<ExitCode> {
  const key = newPrivateKey()
  const id = identityOf(key)?.id ?? ""
  if (values.out === undefined) {
    io.stderr.write("Keep the private key to yourself; the id is what others are told.\n")
    io.stdout.write(`Id=${id}\nPrvKey=${key}\n`)
    return 0
  }
  const isThere = await io.files.stat(values.out).then(
    () => true,
    () => false,
  )
  if (isThere)
    throw new Refusal(`${quote(values.out)} is there already; a key is never written over.`)
  await io.files.append(values.out, `${key}\n`)
  io.stdout.write(`Id=${id}\n`)
  return 0
}

/** `colonies id`. */
export async function printId({ positionals }: Input<typeof idOptions>, io: Io): Promise<ExitCode> {
  const [path] = positionals
  const text = path === undefined ? io.env.COLONIES_PRVKEY : await readKey(path, io)
  if (!text) throw new Refusal("COLONIES_PRVKEY is not set; set it or name a file with a key.", 2)
  const identity = identityOf(text.trim())
  if (identity === undefined) {
    const where = path === undefined ? "COLONIES_PRVKEY" : quote(path)
    throw new Refusal(`${where} holds no private key: it must be 64 hexadecimal characters.`)
  }
  io.stdout.write(`${identity.id}\n`)
  return 0
}

async function readKey(path: string, io: Io): Promise<string> {
  try {
    return new TextDecoder().decode(await io.files.read(path))
  } catch {
    throw new Refusal(`${quote(path)} cannot be read.`, 2)
  }
}
