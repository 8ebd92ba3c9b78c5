// The HTTP API as a script would use it: to prepare what a test needs, and to look behind the page.
import { randomUUID } from 'node:crypto'
import type { Photo } from './photos'

export type Shape =
  | { type: 'box'; box: [number, number, number, number] }
  | { type: 'polygon'; rings: number[][] }
  | { type: 'tag' }
  // Other kinds, as `crates/model/src/shape_json.rs` writes them.
  | { type: 'rotated_box' | 'ellipse' | 'polyline' | 'point' | 'path' | 'arrow' | 'text' | 'cuboid' | 'mask' | 'skeleton'; [field: string]: any }

export interface Annotation {
  source: string
  id: string
  image_id: string
  label_id: string
  class_name: string
  data: Shape
  attributes: Record<string, boolean | number | string>
}

export interface Image {
  id: string
  filename: string
  width: number
  height: number
  room_id: string
  status: string
  annotation_count: number
  pending_suggestions: number
}

export interface Label {
  id: string
  name: string
  color: string
  hotkey?: string
}

export interface Project {
  id: string
  name: string
  workspace_id: string
}

export interface Person {
  email: string
  password: string
  name: string
  api: Api
  /** As the server answers it, and as the workbench stores it. */
  session: string
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    what: string,
  ) {
    super(`${what} -> ${status} ${body}`)
  }
}

export class Api {
  constructor(
    readonly url: string,
    readonly token: string,
    readonly userId: string,
  ) {}

  static async signUp(url: string, name: string, password = 'correct horse battery'): Promise<Person> {
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${randomUUID().slice(0, 8)}@example.org`
    const answer = await fetch(`${url}/auth/v1/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password, data: { name } }),
    })
    if (!answer.ok) throw new ApiError(answer.status, await answer.text(), 'sign up')
    const session = await answer.text()
    const { access_token, user } = JSON.parse(session)
    return { email, password, name, api: new Api(url, access_token, user.id), session }
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new ApiError(answer.status, text, `${method} ${path}`)
    return (text ? JSON.parse(text) : undefined) as T
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path)
  }

  async createProject(name: string, labels: string[], workspaceId?: string): Promise<{ project: Project; labels: Label[] }> {
    const workspace = workspaceId ?? (await this.get<{ workspaces: { id: string }[] }>('/api/v1/me')).workspaces[0].id
    const colors = ['#e5484d', '#30a46c', '#3e63dd', '#ffc53d']
    const wanted = labels.map((label, i) => ({
      id: randomUUID(),
      name: label,
      color: colors[i % colors.length],
      hotkey: String(i + 1),
      archived: false,
      attributes: [],
    }))
    const project = await this.call<Project>('POST', '/api/v1/projects', {
      workspace_id: workspace,
      name,
      project_type: 'object_detection',
      labels: wanted,
    })
    return { project, labels: wanted }
  }

  /** The whole upload: ticket, PUT to the object store, completion. */
  async upload(projectId: string, photo: Photo): Promise<Image> {
    const ticket = await this.call<{ presigned_url: string; headers: [string, string][]; storage_path: string }>(
      'POST',
      `/api/v1/projects/${projectId}/upload_url`,
      { filename: photo.name, content_type: photo.mimeType, size_bytes: photo.buffer.length },
    )
    const put = await fetch(ticket.presigned_url, {
      method: 'PUT',
      headers: Object.fromEntries(ticket.headers),
      body: new Uint8Array(photo.buffer),
    })
    if (!put.ok) throw new ApiError(put.status, await put.text(), 'PUT of the photograph')
    return this.call<Image>('POST', '/api/v1/images/complete_upload', { storage_path: ticket.storage_path })
  }

  async images(projectId: string): Promise<Image[]> {
    return (await this.get<{ items: Image[] }>(`/api/v1/projects/${projectId}/images?limit=500`)).items
  }

  async annotations(imageId: string): Promise<Annotation[]> {
    return (await this.get<{ items: Annotation[] }>(`/api/v1/annotations?image_id=${imageId}&limit=500`)).items
  }

  annotate(imageId: string, labelId: string, data: Shape): Promise<Annotation> {
    return this.call('POST', '/api/v1/annotations', { image_id: imageId, label_id: labelId, data })
  }

  async addMember(projectId: string, email: string, role: 'admin' | 'reviewer' | 'labeler'): Promise<void> {
    await this.call('POST', `/api/v1/projects/${projectId}/members`, { email, role })
  }

  /** Runs an export to its end and downloads it. */
  async export(projectId: string, format: string, includeImages = false): Promise<Uint8Array> {
    let job = await this.call<{ id: string; status: string; error?: string; download_url?: string }>(
      'POST',
      `/api/v1/projects/${projectId}/exports`,
      { format, include_images: includeImages },
    )
    while (job.status === 'queued' || job.status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 100))
      job = await this.get(`/api/v1/exports/${job.id}`)
    }
    if (job.status !== 'succeeded' || !job.download_url) throw new Error(`export ${job.status}: ${job.error ?? ''}`)
    const zip = await fetch(job.download_url)
    if (!zip.ok) throw new ApiError(zip.status, await zip.text(), 'download of the export')
    return new Uint8Array(await zip.arrayBuffer())
  }
}
