// Apart from what loads it, so that the types of the package do not lead to those of the engine.

/** Where the module comes from: an address, a response, or the bytes themselves. */
export type WasmSource = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module
