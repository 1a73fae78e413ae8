import {
  commands,
  Disposable,
  env,
  l10n,
  StatusBarAlignment,
  ThemeColor,
  window,
  workspace,
} from "vscode"
import { isProtected, isReadOnly } from "../places/guard.ts"
import { placeIcon, placeName } from "../places/placeName.ts"
import type { Places } from "../places.ts"
import type { RunStore } from "../runs/runStore.ts"
import { isSpec } from "../specs.ts"

/** Where new runs go, in the status bar: shown beside specs, and once a place was opened. */
export function createPlaceItem(places: Places, runs: RunStore): Disposable {
  const item = window.createStatusBarItem(
    "kubeExecutions.place",
    StatusBarAlignment.Left,
    placePriority,
  )
  item.name = l10n.t("Kube Executions: Place")
  item.command = "kubeExecutions.choosePlace"

  let wasReadOnly: boolean | undefined
  const show = () => {
    const { current } = places
    const { kind } = places.request()
    const isCluster = kind === "kube"
    const request = places.kubeRequest()
    const context = isCluster
      ? (current?.context ?? request.context)
      : kind === "colonies" && current
        ? placeName(current)
        : words[kind]()
    const namespace = current?.namespace ?? request.namespace
    const stale = runs.places.find(({ place }) => place.id === current?.id)?.stale
    item.backgroundColor = undefined
    if (context === undefined) {
      item.text = l10n.t("$(server-environment) kubectl's context")
      item.tooltip = l10n.t("New runs go where kubectl points. Choose another place…")
    } else if (stale) {
      const since = new Date(stale.since).toLocaleTimeString()
      item.text = l10n.t("$(sync-ignored) {context} since {since}", { context, since })
      item.tooltip = l10n.t("Not connected since {since}, trying again. {message}", {
        since,
        message: stale.message,
      })
    } else if (!isCluster) {
      item.text = `$(${placeIcon(kind)}) ${context}`
      item.tooltip = [l10n.t("New runs go here. Choose another place…"), current?.caution]
        .filter(Boolean)
        .join("\n\n")
    } else {
      const isGuarded = isProtected(context)
      const icon = isGuarded ? "$(shield)" : "$(server-environment)"
      item.text = `${icon} ${namespace ? `${context} / ${namespace}` : context}`
      item.tooltip = tooltip(current?.kubeconfig ?? request.kubeconfig, context)
      if (isGuarded) item.backgroundColor = new ThemeColor("statusBarItem.warningBackground")
    }
    const document = window.activeTextEditor?.document
    if (current || (document && isSpec(document))) item.show()
    else item.hide()
    const isNowReadOnly = context !== undefined && isReadOnly(context)
    if (isNowReadOnly === wasReadOnly) return
    wasReadOnly = isNowReadOnly
    void commands.executeCommand("setContext", "kubeExecutions.readOnly", isNowReadOnly)
  }
  show()
  return Disposable.from(
    item,
    places.onDidChange(show),
    runs.onDidChange(show),
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kubeExecutions")) show()
    }),
  )
}

const words = {
  local: () => l10n.t("This machine"),
  rehearsal: () => l10n.t("Rehearsal"),
  colonies: () => l10n.t("Colonies"),
}

/** Left of the run's own item. */
const placePriority = 51

function tooltip(kubeconfig: string | undefined, context: string): string {
  const file = kubeconfig ?? "~/.kube/config"
  const where = env.remoteName
    ? l10n.t('New runs go here. Context "{context}" of {file}, on the remote machine ({remote}).', {
        context,
        file,
        remote: env.remoteName,
      })
    : l10n.t('New runs go here. Context "{context}" of {file}, on this machine.', {
        context,
        file,
      })
  return isReadOnly(context) ? l10n.t("{where} Read-only here.", { where }) : where
}
