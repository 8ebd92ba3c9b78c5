//! Translates the shaders to GLSL where that is asked for.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src");
    #[cfg(feature = "glsl")]
    translate::all();
}

#[cfg(feature = "glsl")]
#[path = "src/shader.rs"]
mod shader;

#[cfg(feature = "glsl")]
#[path = "build/translate.rs"]
mod translate;
