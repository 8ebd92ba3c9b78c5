//! The binary `visionflow`.

fn main() {}
