// Typed subscriptions that end with one call, with an AbortSignal, or all at once.

/** Stops what `on` started. */
export type Unsubscribe = () => void

type Listener<E> = (event: E) => void

/** Listeners by event type; what one of them throws is reported and reaches no other. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()

  on<T extends keyof Events>(type: T, listener: Listener<Events[T]>, signal?: AbortSignal): Unsubscribe {
    if (typeof listener !== 'function') throw new TypeError(`on("${String(type)}"): the listener is not a function`)
    if (signal?.aborted) return () => {}
    let set = this.#listeners.get(type)
    if (!set) this.#listeners.set(type, (set = new Set()))
    // Each subscription is its own, also of one function twice.
    const own: Listener<Events[T]> = (event) => listener(event)
    set.add(own)
    const end = () => {
      set.delete(own)
      signal?.removeEventListener('abort', end)
    }
    signal?.addEventListener('abort', end)
    return end
  }

  emit<T extends keyof Events>(type: T, event: Events[T]): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        ;(listener as Listener<Events[T]>)(event)
      } catch (error) {
        reportError(error)
      }
    }
  }

  has(type: keyof Events): boolean {
    return (this.#listeners.get(type)?.size ?? 0) > 0
  }

  clear(): void {
    this.#listeners.clear()
  }
}
