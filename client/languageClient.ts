import { LanguageClient, TransportKind } from "vscode-languageclient/node"

/** A file of its own in dist/: it is most of what the extension weighs, and the first spec needs it. */
export { LanguageClient, TransportKind }
