//! Prints the TypeScript types of the npm package; called by `cargo xtask generate`.

fn main() {
    print!("{}", visionflow_surface::declarations());
}
