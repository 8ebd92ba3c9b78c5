// A project with one small image in it, made through the HTTP API as a script would.
import { randomUUID } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export async function call(url, token, method, path, body) {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} -> ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

export async function signUp(url, name) {
  const email = `${name}.${randomUUID().slice(0, 8)}@example.org`
  const password = 'correct horse battery staple'
  const answer = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, data: { name } }),
  })
  if (!answer.ok) throw new Error(`sign-up -> ${answer.status} ${await answer.text()}`)
  const session = await answer.json()
  return { name, email, password, id: session.user.id, token: session.access_token }
}

/** `{ project, label, image }` of a new project that `person` administers. */
export async function createProject(url, person) {
  const me = await call(url, person.token, 'GET', '/api/v1/me')
  const workspace = me.workspaces[0] ?? (await call(url, person.token, 'POST', '/api/v1/workspaces', { name: 'Interop' }))
  const label = { id: randomUUID(), name: 'car', color: '#30a46c', archived: false, attributes: [] }
  const project = await call(url, person.token, 'POST', '/api/v1/projects', {
    workspace_id: workspace.id,
    name: 'Interop',
    project_type: 'object_detection',
    labels: [label],
  })
  return { project, label, image: await uploadImage(url, person, project.id, 640, 480) }
}

export async function uploadImage(url, person, projectId, width, height, filename = 'grey.png') {
  const bytes = greyPng(width, height)
  const ticket = await call(url, person.token, 'POST', `/api/v1/projects/${projectId}/upload_url`, {
    filename,
    content_type: 'image/png',
    size_bytes: bytes.length,
  })
  const put = await fetch(ticket.presigned_url, { method: 'PUT', headers: Object.fromEntries(ticket.headers), body: bytes })
  if (!put.ok) throw new Error(`PUT of the image -> ${put.status} ${await put.text()}`)
  return call(url, person.token, 'POST', '/api/v1/images/complete_upload', { storage_path: ticket.storage_path })
}

/** An 8-bit grey PNG with a gradient. */
export function greyPng(width, height) {
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = (x + y) & 255
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(checksum(body), body.length + 4)
    return out
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function checksum(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
