import { l10n, type QuickPickItem, window } from "vscode"
import type { FilesSource, PlaceState, SpecFiles, SpecSource } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { type Runnable, specSource } from "./runnable.ts"

/** Where a run finds its files, as it was chosen: a colony without its keys. */
export interface ChosenFiles {
  readonly claim: string
  readonly from:
    | { readonly kind: "claim" }
    | { readonly kind: "colony"; readonly profile: string }
    | { readonly kind: "folder"; readonly path: string }
}

/** Undefined where a run here wants no files. */
export async function wantedFiles(
  { runs }: CommandContext,
  spec: Runnable,
  { place }: PlaceState,
): Promise<SpecFiles | undefined> {
  const { dialect } = spec.workflow
  if (dialect !== "function" && dialect !== "colonies-workflow") return undefined
  // A colony has its files; on this machine a claim is a folder of the run.
  if (place.kind === "colonies") return undefined
  const wanted = await runs.call("spec/files", { spec: specSource(spec, {}) })
  return wanted.mounts.length === 0 ? undefined : wanted
}

/** What was chosen last for this workflow. */
export function lastFiles({ memory }: CommandContext, spec: Runnable): ChosenFiles | undefined {
  return memory.get<ChosenFiles>(filesKey(spec))
}

/** Asks for the claim, and what is brought to it; undefined when the person gave up. */
export async function chooseFiles(
  context: CommandContext,
  spec: Runnable,
  state: PlaceState,
  wanted: SpecFiles,
): Promise<ChosenFiles | undefined> {
  const claim = await chooseClaim(context, state, wanted)
  if (claim === undefined) return undefined
  const from = wanted.labels.length === 0 ? claimOnly : await chooseSource(context, claim, wanted)
  if (from === undefined) return undefined
  const chosen: ChosenFiles = { claim, from }
  await context.memory.update(filesKey(spec), chosen)
  return chosen
}

/** With a colony's keys: for the engine, and for nothing that is kept. */
export async function filesSupplies(
  { colonies }: CommandContext,
  chosen: ChosenFiles | undefined,
): Promise<Pick<SpecSource, "claim" | "files">> {
  if (chosen === undefined) return {}
  const { claim, from } = chosen
  switch (from.kind) {
    case "claim":
      return { claim }
    case "folder":
      return { claim, files: from }
    case "colony": {
      const { profile } = await colonies.request(from.profile)
      const files: FilesSource = { kind: "colony", profile }
      return { claim, files }
    }
  }
}

export function filesWords({ claim, from }: ChosenFiles): string {
  switch (from.kind) {
    case "claim":
      return l10n.t("as they are on the claim {claim}", { claim })
    case "folder":
      return l10n.t("from {path} to the claim {claim}", { path: from.path, claim })
    case "colony":
      return l10n.t("from {profile} to the claim {claim}, and back", {
        profile: from.profile,
        claim,
      })
  }
}

const claimOnly = { kind: "claim" } as const

function filesKey({ document, index }: Runnable): string {
  return `files ${document.uri.toString()} ${index}`
}

async function chooseClaim(
  { runs, places }: CommandContext,
  { place }: PlaceState,
  { mounts }: SpecFiles,
): Promise<string | undefined> {
  const title = l10n.t('Claim for the files at "{mount}"', { mount: mounts.join(", ") })
  const { namespace, context } = place
  const request = { ...places.kubeRequest(), context, namespace }
  const { claims } =
    place.kind === "kube" ? await runs.call("place/names", request) : { claims: [] }
  if (claims.length > 0) return window.showQuickPick([...claims], { title })
  return window.showInputBox({ title, prompt: l10n.t("Name of a PersistentVolumeClaim") })
}

interface SourceItem extends QuickPickItem {
  readonly from: ChosenFiles["from"] | { readonly kind: "ask" }
}

async function chooseSource(
  { colonies }: CommandContext,
  claim: string,
  { labels }: SpecFiles,
): Promise<ChosenFiles["from"] | undefined> {
  const items: readonly SourceItem[] = [
    {
      from: claimOnly,
      label: l10n.t("$(database) As they are on the claim {claim}", { claim }),
    },
    ...colonies.list.map(({ name }): SourceItem => {
      return {
        from: { kind: "colony", profile: name },
        label: l10n.t("$(globe) From the colony {name}", { name }),
        detail: l10n.t("Brought before the first step, sent back after the last"),
      }
    }),
    {
      from: { kind: "ask" },
      label: l10n.t("$(folder) From a folder of this machine…"),
      detail: l10n.t("It stands for Colonies FS: a label is a folder in it"),
    },
  ]
  const title = l10n.t("Files of {labels}", { labels: labels.join(", ") })
  const from = (await window.showQuickPick(items, { title }))?.from
  if (from?.kind !== "ask") return from
  const [folder] =
    (await window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false })) ?? []
  return folder && { kind: "folder", path: folder.fsPath }
}
