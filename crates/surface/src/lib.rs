//! The JavaScript surface as plain values: what goes into the class `Annotator` and what comes out.
//!
//! `engine-wasm` reads and writes these; the TypeScript types of the npm package are generated from
//! them and from the crates they are made of (`cargo xtask generate`), so that the two cannot differ.
