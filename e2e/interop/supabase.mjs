// The unmodified npm package @supabase/auth-js against the embedded identity provider.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { GoTrueClient } from '@supabase/auth-js'
import { withServer } from './support/server.mjs'

await withServer(async (url) => {
  const email = `auth.${randomUUID().slice(0, 8)}@example.org`
  const password = 'correct horse battery staple'
  const client = newClient(url)

  const signedUp = unwrap(await client.signUp({ email, password, options: { data: { name: 'Auth' } } }))
  assert.equal(signedUp.user.email, email)
  assert.equal(signedUp.user.user_metadata.name, 'Auth')
  assert.ok(signedUp.session.access_token)

  // Signing up again, a wrong password, and a password that is too short are refused in words.
  assert.ok((await newClient(url).signUp({ email, password })).error.message)
  const wrong = await newClient(url).signInWithPassword({ email, password: 'not this one' })
  assert.equal(wrong.data.session, null)
  assert.equal(wrong.error.status, 400)
  assert.ok((await newClient(url).signUp({ email: `x${email}`, password: 'short' })).error.message)

  const signedIn = unwrap(await client.signInWithPassword({ email, password }))
  assert.equal(signedIn.user.id, signedUp.user.id)
  assert.equal(signedIn.session.token_type, 'bearer')

  const user = unwrap(await client.getUser()).user
  assert.equal(user.id, signedUp.user.id)
  assert.equal(user.aud, 'authenticated')

  // Checked locally against the published keys.
  const { claims } = unwrap(await client.getClaims())
  assert.equal(claims.sub, user.id)
  assert.equal(claims.role, 'authenticated')
  assert.equal(claims.email, email)

  const before = signedIn.session.refresh_token
  const refreshed = unwrap(await client.refreshSession())
  assert.notEqual(refreshed.session.refresh_token, before)
  assert.equal(refreshed.user.id, user.id)
  const me = await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${refreshed.session.access_token}` } })
  assert.equal(me.status, 200)
  assert.equal((await me.json()).name, 'Auth')

  const last = refreshed.session.refresh_token
  const out = await client.signOut()
  assert.equal(out.error, null)
  assert.equal((await client.getSession()).data.session, null)
  const after = await newClient(url).refreshSession({ refresh_token: last })
  assert.ok(after.error, 'a session that was signed out cannot be refreshed')
  console.log('@supabase/auth-js: sign-up, sign-in, user, claims, refresh, sign-out')
})

function newClient(url) {
  return new GoTrueClient({ url: `${url}/auth/v1`, autoRefreshToken: false, persistSession: true, storage: memory() })
}

function memory() {
  const items = new Map()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

function unwrap({ data, error }) {
  if (error) throw error
  return data
}
