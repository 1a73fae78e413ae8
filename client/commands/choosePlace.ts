import { basename, delimiter } from "node:path"
import { l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode"
import type { KubeconfigLook, KubeRequest } from "#engine/protocol"
import { addProfile } from "../colonies/addProfile.ts"
import { environmentName } from "../colonies/profiles.ts"
import { isProtected, isReadOnly } from "../places/guard.ts"
import { placeIcon } from "../places/placeName.ts"
import type { KubeChoice } from "../places.ts"
import type { Command, CommandContext } from "./command.ts"

/** Chooses where new runs go: kubeconfig, context, namespace. The kubeconfig itself stays as it is. */
export const choosePlaceCommand: Command = async (context) => {
  if (await choosePlace(context)) await context.places.open()
}

interface Item extends QuickPickItem {
  readonly does:
    | { readonly kind: "context"; readonly name: string }
    | { readonly kind: "local" }
    | { readonly kind: "rehearsal" }
    | { readonly kind: "colonies"; readonly profile: string }
    | { readonly kind: "addColony" }
    | { readonly kind: "namespace" }
    | { readonly kind: "file" }
    | { readonly kind: "follow" }
    | { readonly kind: "rule" }
}

/** True when another place was chosen. */
export async function choosePlace(context: CommandContext): Promise<boolean> {
  const { runs, places } = context
  // What the settings or the environment name is not chosen here, and so not kept here.
  let chosen = places.kubeChoice?.kubeconfig
  for (;;) {
    const kubeconfig = chosen ?? places.kubeRequest().kubeconfig
    const look = await runs.call("kubeconfig/look", kubeconfig ? { kubeconfig } : {})
    const picked = await window.showQuickPick(items(look, context), {
      title: l10n.t("Where new runs go"),
      placeHolder: look.problem ?? l10n.t("A context; your kubeconfig is not changed"),
      matchOnDescription: true,
      matchOnDetail: true,
    })
    const does = picked?.does
    switch (does?.kind) {
      case undefined:
      case "rule":
        return false
      case "follow":
        await places.choose(undefined)
        return true
      case "local":
      case "rehearsal":
        await places.choose({ kind: does.kind })
        return true
      case "colonies":
        await places.choose(does)
        return true
      case "addColony": {
        const profile = await addProfile(context.colonies)
        if (profile === undefined) continue
        await places.choose({ kind: "colonies", profile })
        return true
      }
      case "file": {
        const files = await window.showOpenDialog({
          title: l10n.t("Choose Kubeconfig"),
          canSelectMany: true,
          openLabel: l10n.t("Use These"),
        })
        if (!files) continue
        chosen = files.map(({ fsPath }) => fsPath).join(delimiter)
        continue
      }
      case "context":
      case "namespace": {
        const name = does.kind === "context" ? does.name : currentContext(context, look)
        if (name === undefined) continue
        const request = { ...(kubeconfig ? { kubeconfig } : {}), context: name }
        const namespace = await chooseNamespace(context, request, look)
        if (namespace === undefined) continue
        const file = chosen ? { kubeconfig: chosen } : {}
        await places.choose({ ...file, context: name, namespace })
        return true
      }
    }
  }
}

function items(look: KubeconfigLook, context: CommandContext): readonly Item[] {
  const now = currentContext(context, look)
  const contexts = look.contexts.map(
    ({ name, cluster, user, namespace }): Item => ({
      does: { kind: "context", name },
      label: `$(${isProtected(name) ? "shield" : "server-environment"}) ${name}`,
      description: [
        name === now ? l10n.t("new runs go here") : "",
        name === look.current ? l10n.t("kubectl's current") : "",
        isReadOnly(name) ? l10n.t("read-only") : "",
      ]
        .filter(Boolean)
        .join(" · "),
      detail: l10n.t("cluster {cluster}, user {user}, namespace {namespace}", {
        cluster,
        user,
        namespace: namespace ?? "default",
      }),
    }),
  )
  const files = look.files.map((path) => basename(path)).join(", ")
  return [
    ...contexts,
    ...withoutCluster(context),
    { does: { kind: "rule" }, label: "", kind: QuickPickItemKind.Separator },
    ...colonyItems(context),
    { does: { kind: "rule" }, label: "", kind: QuickPickItemKind.Separator },
    ...(now === undefined
      ? []
      : [
          {
            does: { kind: "namespace" },
            label: l10n.t("$(symbol-namespace) Namespace…"),
            description: context.places.current?.namespace ?? "",
          } as const,
        ]),
    { does: { kind: "file" }, label: l10n.t("$(file) Kubeconfig…"), description: files },
    ...(context.places.choice
      ? [
          {
            does: { kind: "follow" },
            label: l10n.t("$(sync) Go Where kubectl Points"),
            description: look.current ?? "",
          } as const,
        ]
      : []),
  ]
}

function currentContext({ places }: CommandContext, look: KubeconfigLook): string | undefined {
  if (places.request().kind !== "kube") return undefined
  return places.current?.context ?? places.kubeRequest().context ?? look.current
}

/** What there is on every machine, beside the contexts. */
function withoutCluster({ places }: CommandContext): readonly Item[] {
  const { kind } = places.request()
  const here = (one: typeof kind) => (one === kind ? l10n.t("new runs go here") : "")
  return [
    {
      does: { kind: "local" },
      label: `$(${placeIcon("local")}) ${l10n.t("This machine")}`,
      description: here("local"),
      detail: l10n.t("In docker or podman where one of them is there, else in a sandbox"),
    },
    {
      does: { kind: "rehearsal" },
      label: `$(${placeIcon("rehearsal")}) ${l10n.t("Rehearse (nothing runs)")}`,
      description: here("rehearsal"),
      detail: l10n.t("A simulation that shows how the run would go"),
    },
  ]
}

/** Colonies servers that are known here, and a way to add one. */
function colonyItems({ colonies, places }: CommandContext): readonly Item[] {
  const { choice } = places
  const icon = placeIcon("colonies")
  const known = colonies.list.map(({ name, file, variables }): Item => {
    const isHere = choice?.kind === "colonies" && choice.profile === name
    const detail =
      name === environmentName
        ? l10n.t("Colonies server of the environment")
        : l10n.t("Colonies server: {where}", {
            where: file ?? `${variables.COLONIES_COLONY_NAME} @ ${variables.COLONIES_SERVER_HOST}`,
          })
    return {
      does: { kind: "colonies", profile: name },
      label: `$(${icon}) ${name}`,
      description: isHere ? l10n.t("new runs go here") : "",
      detail,
    }
  })
  return [
    ...known,
    { does: { kind: "addColony" }, label: l10n.t("$(add) Colonies Server…"), description: "" },
  ]
}

/** Of those that may be listed; another one can always be typed. */
async function chooseNamespace(
  { runs, places }: CommandContext,
  choice: KubeChoice,
  look: KubeconfigLook,
): Promise<string | undefined> {
  const own = look.contexts.find(({ name }) => name === choice.context)?.namespace ?? "default"
  const request: KubeRequest = { ...choice, kind: "kube" }
  const { current } = places
  const pick = window.createQuickPick()
  const first = [...(current && current.context === choice.context ? [current.namespace] : []), own]
  let known: readonly string[] = []
  const show = () => {
    const typed = pick.value.trim()
    const all = [...new Set([...first, ...known])]
    const extra = typed !== "" && !all.includes(typed) ? [typed] : []
    pick.items = [...all, ...extra].map((label) => ({
      label,
      description:
        label === own
          ? l10n.t("the context's own")
          : extra.includes(label)
            ? l10n.t("as typed")
            : "",
    }))
  }
  pick.title = l10n.t('Namespace in "{context}"', { context: choice.context ?? "" })
  pick.placeholder = l10n.t("A namespace, or type one")
  pick.busy = true
  show()
  const listed = runs.call("place/namespaces", request).then(
    ({ namespaces, problem }) => {
      known = namespaces
      if (problem) pick.placeholder = l10n.t("{problem} Type a namespace.", { problem })
    },
    (error: unknown) => {
      pick.placeholder = error instanceof Error ? error.message : String(error)
    },
  )
  void listed.then(() => {
    pick.busy = false
    show()
  })
  pick.onDidChangeValue(show)
  const answer = new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.label))
    pick.onDidHide(() => resolve(undefined))
  })
  pick.show()
  return answer.finally(() => pick.dispose())
}
