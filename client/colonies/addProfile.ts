import { basename } from "node:path"
import { l10n, type QuickPickItem, window } from "vscode"
import { type ColoniesProfiles, environmentName } from "./profiles.ts"

interface Way extends QuickPickItem {
  readonly way: "file" | "form"
}

/** Asks where a colony is and as whom one speaks to it; the name of the profile that was made. */
export async function addProfile(profiles: ColoniesProfiles): Promise<string | undefined> {
  const ways: readonly Way[] = [
    {
      way: "file",
      label: l10n.t('$(file) A File of export K="V" Lines…'),
      detail: l10n.t("As it is sourced in a shell; its keys stay in it"),
    },
    {
      way: "form",
      label: l10n.t("$(edit) Type It In…"),
      detail: l10n.t("Keys are kept where VS Code keeps secrets"),
    },
  ]
  const picked = await window.showQuickPick(ways, { title: l10n.t("Add a Colonies server") })
  switch (picked?.way) {
    case "file":
      return addFile(profiles)
    case "form":
      return addTyped(profiles)
    default:
      return undefined
  }
}

async function addFile(profiles: ColoniesProfiles): Promise<string | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: l10n.t('File of export K="V" lines'),
      openLabel: l10n.t("Use It"),
    })) ?? []
  if (!file) return undefined
  const name = await askName(profiles, basename(file.fsPath).replace(/\.\w+$/, ""))
  if (name === undefined) return undefined
  await profiles.save({ name, file: file.fsPath, variables: {} }, {})
  return name
}

interface Question {
  readonly variable: string
  readonly title: string
  readonly isKey?: boolean
  readonly value?: string
  /** What is wrong with the answer. */
  readonly check?: (text: string) => string | undefined
}

async function addTyped(profiles: ColoniesProfiles): Promise<string | undefined> {
  const variables: Record<string, string> = {}
  const keys: Record<string, string> = {}
  for (const question of questions()) {
    const { variable, title, isKey = false, value, check } = question
    // Without an endpoint there is no storage to ask about.
    if (variable !== "AWS_S3_ENDPOINT" && variable.startsWith("AWS_") && !variables.AWS_S3_ENDPOINT)
      continue
    const answer = await window.showInputBox({
      title: l10n.t("Add a Colonies server"),
      prompt: title,
      ignoreFocusOut: true,
      password: isKey,
      ...(value === undefined ? {} : { value }),
      ...(check ? { validateInput: check } : {}),
    })
    if (answer === undefined) return undefined
    if (answer.trim() !== "") (isKey ? keys : variables)[variable] = answer.trim()
  }
  const name = await askName(profiles, variables.COLONIES_COLONY_NAME ?? "")
  if (name === undefined) return undefined
  await profiles.save({ name, variables }, keys)
  return name
}

function questions(): readonly Question[] {
  const something = (text: string) =>
    text.trim() === "" ? l10n.t("This cannot be left out.") : undefined
  const isTrue = (text: string) =>
    text === "true" || text === "false" ? undefined : l10n.t("true or false")
  return [
    {
      variable: "COLONIES_SERVER_HOST",
      title: l10n.t("Host of the Colonies server"),
      check: something,
    },
    {
      variable: "COLONIES_SERVER_PORT",
      title: l10n.t("Its port"),
      value: "50080",
      check: (text) => (/^\d{1,5}$/.test(text) ? undefined : l10n.t("A port is a number.")),
    },
    {
      variable: "COLONIES_TLS",
      title: l10n.t("Does it speak TLS? true or false"),
      value: "true",
      check: isTrue,
    },
    { variable: "COLONIES_COLONY_NAME", title: l10n.t("Name of the colony"), check: something },
    {
      variable: "COLONIES_PRVKEY",
      title: l10n.t("Your private key: 64 hexadecimal characters"),
      isKey: true,
      check: (text) =>
        /^[0-9a-fA-F]{64}$/.test(text.trim())
          ? undefined
          : l10n.t("A key has 64 hexadecimal characters."),
    },
    {
      variable: "AWS_S3_ENDPOINT",
      title: l10n.t("S3 storage of its files, host:port; leave it empty to work without files"),
    },
    {
      variable: "AWS_S3_TLS",
      title: l10n.t("Does the storage speak TLS? true or false"),
      value: "true",
      check: isTrue,
    },
    { variable: "AWS_S3_BUCKET", title: l10n.t("Bucket"), check: something },
    { variable: "AWS_S3_REGION", title: l10n.t("Region; may be left empty") },
    { variable: "AWS_S3_ACCESSKEY", title: l10n.t("Access key"), isKey: true, check: something },
    { variable: "AWS_S3_SECRETKEY", title: l10n.t("Secret key"), isKey: true, check: something },
  ]
}

function askName(profiles: ColoniesProfiles, value: string): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t("Add a Colonies server"),
    prompt: l10n.t("What to call it"),
    value,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text.trim() === "") return l10n.t("This cannot be left out.")
      return text === environmentName || profiles.find(text)
        ? l10n.t('There is a "{name}" already.', { name: text })
        : undefined
    },
  })
}
