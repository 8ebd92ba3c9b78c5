//! The renderer's shaders, in WGSL and, with the feature `glsl`, in the GLSL of WebGL2.
//!
//! They are translated when this crate is built: a compiler in the browser would be loaded by
//! everybody who opens the workbench.

mod shader;

pub use shader::Shader;

#[cfg(feature = "glsl")]
pub mod glsl {
    //! What the build script made of each [`Shader`].

    /// A shader in the language of WebGL2, and how its names stand for groups and bindings.
    #[derive(Debug)]
    pub struct Program {
        pub vertex: &'static str,
        pub fragment: &'static str,
        /// Blocks of uniforms; one that both stages read has a name in each.
        pub blocks: &'static [Name],
        /// Textures; one with a sampler takes the sampler of the binding after it.
        pub textures: &'static [Name],
    }

    /// A name, and which binding of which group it is.
    #[derive(Debug)]
    pub struct Name {
        pub glsl: &'static str,
        pub group: u32,
        pub binding: u32,
    }

    /// The uniform that says what is drawn on: the canvas's height, 1 for the canvas, whose rows
    /// begin at the bottom; 0, -1 for a texture, whose first row is the top.
    pub const TARGET: &str = "visionflow_target";

    include!(concat!(env!("OUT_DIR"), "/glsl.rs"));

    impl super::Shader {
        pub fn glsl(self) -> &'static Program {
            &PROGRAMS[self as usize]
        }
    }
}
