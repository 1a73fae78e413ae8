import { type PlacedSchema, resolve, type Schema, schemaOf } from "./schema.ts"

/**
 * The CustomResourceDefinition of Executions, made from the same schema that checks the text.
 * deploy/crd.yaml is this as YAML.
 */
export function executionCrd(): CrdNode {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: "executions.execution.kubegene.io",
      labels: { "app.kubernetes.io/name": "kube-executions" },
    },
    spec: {
      group: "execution.kubegene.io",
      scope: "Namespaced",
      names: {
        kind: "Execution",
        listKind: "ExecutionList",
        plural: "executions",
        singular: "execution",
        shortNames: ["exec"],
      },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: wholeObject() },
        },
      ],
    },
  }
}

export interface CrdNode {
  readonly [key: string]: unknown
}

const columns = [
  {
    name: "Phase",
    type: "string",
    jsonPath: ".status.phase",
    description: "Where the run is.",
  },
  {
    name: "Progress",
    type: "string",
    jsonPath: ".status.progress",
    description: "Steps that are done, of all that are known.",
  },
  {
    name: "Message",
    type: "string",
    jsonPath: ".status.message",
    description: "The phase in words, with its reason.",
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
]

function wholeObject(): CrdNode {
  const { schema, file } = schemaOf("execution")
  const part = (name: string) => {
    const found = schema.properties?.[name]
    if (found === undefined) throw new Error(`The Execution schema has no "${name}".`)
    return structural({ schema: found, file })
  }
  return {
    description: schema.description,
    type: "object",
    required: ["spec"],
    properties: {
      apiVersion: { description: schema.properties?.apiVersion?.description, type: "string" },
      kind: { description: schema.properties?.kind?.description, type: "string" },
      metadata: { type: "object", properties: { name: nameOf(schema, file) } },
      spec: {
        ...part("spec"),
        "x-kubernetes-validations": [
          {
            rule: "self == oldSelf",
            message:
              "spec cannot be changed: create a new Execution, with resumeFrom to take over what is done",
          },
        ],
      },
      status: part("status"),
    },
  }
}

/** Of metadata a CRD may limit the name only; the API server checks everything else itself. */
function nameOf(execution: Schema, file: string): CrdNode {
  const metadata = resolve(execution.properties?.metadata ?? {}, file)
  const { type, maxLength, pattern } = metadata.schema.properties?.name ?? {}
  return { type, maxLength, pattern }
}

/**
 * The schema in the form Kubernetes calls structural: one type for every field, and nothing that
 * only editors use. What is allowed stays the same, except that keys of Kubernetes' own types are
 * left to Kubernetes.
 */
function structural(placed: PlacedSchema): CrdNode {
  const { schema, file } = resolve(placed.schema, placed.file)
  const isOpaque = schema["x-crd"] === "opaque"
  const node: Record<string, unknown> = {}
  const put = (key: string, value: unknown) => {
    if (value !== undefined) node[key] = value
  }
  const child = (value: Schema) => structural({ schema: value, file })
  put("description", schema.description)
  Object.assign(node, typeOf(schema))
  put("format", schema.format)
  put("enum", schema.enum)
  put("minimum", schema.minimum)
  put("maximum", schema.maximum)
  put("minLength", schema.minLength)
  put("maxLength", schema.maxLength)
  put("pattern", schema.pattern)
  put("minItems", schema.minItems)
  put("required", isOpaque ? undefined : schema.required)
  put("items", schema.items && child(schema.items))
  if (!isOpaque) {
    const properties = Object.entries(schema.properties ?? {})
    if (properties.length > 0) {
      put("properties", Object.fromEntries(properties.map(([key, value]) => [key, child(value)])))
    } else if (typeof schema.additionalProperties === "object") {
      put("additionalProperties", child(schema.additionalProperties))
    }
    const choices = (schema.allOf ?? []).map(({ anyOf }) => ({ anyOf }))
    put("allOf", choices.length > 0 ? choices : undefined)
  }
  if (schema["x-crd"] !== undefined) put("x-kubernetes-preserve-unknown-fields", true)
  return node
}

function typeOf(schema: Schema): CrdNode {
  const written = typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])
  const types = written.filter((type) => type !== "null")
  const nullable = types.length < written.length ? { nullable: true } : {}
  // No type at all is anything: then null is one of the things it may be.
  if (types.length === 0) return { nullable: true }
  if (types.length === 1) return { type: types[0], ...nullable }
  if (types.join() === "integer,string") return { "x-kubernetes-int-or-string": true, ...nullable }
  throw new Error(`A CRD has no type ${types.join(" or ")}.`)
}
