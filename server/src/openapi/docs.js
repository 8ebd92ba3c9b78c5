// Renders /api/openapi.json for reading. Text goes in as text nodes only, never as markup.
'use strict'

const element = (name, attributes, ...children) => {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes ?? {})) node.setAttribute(key, value)
  node.append(...children.filter((child) => child !== null && child !== undefined))
  return node
}

const schemaName = (schema) => schema?.$ref?.split('/').pop()

// An example's outline: property names with their types, references followed a few steps.
const outline = (schema, components, depth) => {
  if (!schema) return null
  const name = schemaName(schema)
  if (name) return depth > 4 ? name : outline(components[name], components, depth + 1)
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return { 'one of': variants.map((variant) => outline(variant, components, depth + 1)) }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => outline(part, components, depth + 1)))
  if (schema.enum) return schema.enum.join(' | ')
  if (schema.properties) {
    const required = new Set(schema.required ?? [])
    return Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [required.has(key) ? key : `${key}?`, outline(value, components, depth + 1)]),
    )
  }
  if (schema.type === 'array') return [outline(schema.items, components, depth + 1)]
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any')
  return schema.format ? `${type} (${schema.format})` : type
}

const body = (content, components) => {
  const schema = content?.['application/json']?.schema
  if (!schema) return null
  return element('pre', null, JSON.stringify(outline(schema, components, 0), null, 2))
}

const operation = (id, method, path, spec, components) => {
  const section = element('section', { id })
  section.append(element('h3', null, element('span', { class: 'method' }, method), path))
  for (const text of [spec.summary, spec.description]) if (text) section.append(element('p', null, text))
  if (spec.parameters?.length) {
    const rows = spec.parameters.map((parameter) =>
      element('tr', null, element('td', null, element('code', null, parameter.name)), element('td', null, parameter.in), element('td', null, parameter.description ?? '')),
    )
    section.append(element('h4', null, 'Parameters'), element('table', null, ...rows))
  }
  const request = body(spec.requestBody?.content, components)
  if (request) section.append(element('h4', null, 'Body'), request)
  section.append(element('h4', null, 'Answers'))
  for (const [status, answer] of Object.entries(spec.responses ?? {})) {
    const shown = body(answer.content, components)
    const line = `${status} ${answer.description ?? ''}`
    section.append(shown ? element('details', null, element('summary', null, line), shown) : element('p', null, line))
  }
  return section
}

const render = (api) => {
  const [nav, main] = [document.getElementById('nav'), document.getElementById('main')]
  const components = api.components?.schemas ?? {}
  main.replaceChildren(element('h1', null, api.info.title), element('p', null, api.info.description ?? ''))
  const groups = new Map()
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, spec] of Object.entries(methods)) {
      if (!['get', 'post', 'put', 'patch', 'delete'].includes(method)) continue
      const group = spec.tags?.[0] ?? 'other'
      if (!groups.has(group)) groups.set(group, [])
      groups.get(group).push([`${method}-${path}`, method, path, spec])
    }
  }
  for (const [group, operations] of groups) {
    nav.append(element('h2', null, group))
    for (const [id, method, path, spec] of operations) {
      nav.append(element('a', { href: `#${encodeURIComponent(id)}`, title: `${method} ${path}` }, spec.summary ?? path))
      main.append(operation(id, method, path, spec, components))
    }
  }
}

fetch('/api/openapi.json')
  .then((answer) => answer.json())
  .then(render)
  .catch((error) => document.getElementById('main').replaceChildren(`The document could not be read: ${error}`))
