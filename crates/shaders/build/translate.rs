//! From WGSL to GLSL ES 3.00, by naga.
//!
//! WGSL counts the rows of what is drawn on from the top and a canvas from the bottom: the place
//! of a vertex and of a fragment are turned where the target asks for it, so that nothing has to
//! be copied upside down.

use crate::shader::Shader;
use naga::back::glsl::{self, ReflectionInfo};
use naga::proc::{BoundsCheckPolicies, BoundsCheckPolicy};
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{Handle, Module, ShaderStage};
use std::fmt::Write as _;
use std::path::Path;

const TARGET: &str = "visionflow_target";
const VERSION_LINE: &str = "#version 300 es\n";

pub fn all() {
    let programs: String = Shader::ALL.into_iter().map(program).collect();
    let code = format!(
        "const PROGRAMS: [Program; {}] = [\n{programs}];\n",
        Shader::ALL.len()
    );
    let out = std::env::var_os("OUT_DIR").expect("cargo says where to write");
    std::fs::write(Path::new(&out).join("glsl.rs"), code).expect("the file can be written");
}

/// One shader as a value of `Program`.
fn program(shader: Shader) -> String {
    let module = naga::front::wgsl::parse_str(&shader.wgsl())
        .unwrap_or_else(|error| panic!("{shader:?}: {error}"));
    let (vertex, fragment) = shader.entry_points();
    let vertex = Stage::of(module.clone(), ShaderStage::Vertex, vertex);
    let fragment = Stage::of(module, ShaderStage::Fragment, fragment);
    let names = |of: fn(&Stage) -> &Vec<String>| {
        let mut all: Vec<String> = of(&vertex).iter().chain(of(&fragment)).cloned().collect();
        all.sort();
        all.concat()
    };
    format!(
        "    Program {{\n        vertex: {:?},\n        fragment: {:?},\n        blocks: &[{}],\n        textures: &[{}],\n    }},\n",
        on_target(&vertex.code, ShaderStage::Vertex),
        on_target(&fragment.code, ShaderStage::Fragment),
        names(|stage| &stage.blocks),
        names(|stage| &stage.textures),
    )
}

/// One stage in GLSL, with the names of what it reads.
struct Stage {
    code: String,
    blocks: Vec<String>,
    textures: Vec<String>,
}

impl Stage {
    fn of(mut module: Module, shader_stage: ShaderStage, entry: &str) -> Self {
        // Only what this stage needs.
        module.entry_points.retain(|point| point.name == entry);
        naga::compact::compact(&mut module, naga::compact::KeepUnused::No);
        let info = Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{entry}: {error}"));
        let options = glsl::Options {
            version: glsl::Version::new_gles(300),
            writer_flags: glsl::WriterFlags::empty(),
            ..Default::default()
        };
        let pipeline = glsl::PipelineOptions {
            shader_stage,
            entry_point: entry.to_owned(),
            multiview: None,
        };
        // WebGL itself keeps every read within its texture.
        let policies = BoundsCheckPolicies {
            image_load: BoundsCheckPolicy::Unchecked,
            ..Default::default()
        };
        let mut code = String::new();
        let written = glsl::Writer::new(&mut code, &module, &info, &options, &pipeline, policies)
            .and_then(|mut writer| writer.write())
            .unwrap_or_else(|error| panic!("{entry}: {error}"));
        let (blocks, textures) = names(&module, &written);
        Self {
            code,
            blocks,
            textures,
        }
    }
}

/// The blocks and textures that a stage reads, as values of `Name`.
fn names(module: &Module, written: &ReflectionInfo) -> (Vec<String>, Vec<String>) {
    let name = |glsl: &str, variable: Handle<naga::GlobalVariable>| {
        let place = module.global_variables[variable].binding.as_ref();
        let place = place.expect("what a shader reads has a place");
        let (group, binding) = (place.group, place.binding);
        let mut text = String::new();
        write!(
            text,
            "Name {{ glsl: {glsl:?}, group: {group}, binding: {binding} }}, "
        )
        .expect("a string takes everything");
        text
    };
    let blocks = written.uniforms.iter();
    let textures = written.texture_mapping.iter();
    (
        blocks
            .map(|(&variable, glsl)| name(glsl, variable))
            .collect(),
        textures
            .map(|(glsl, mapping)| name(glsl, mapping.texture))
            .collect(),
    )
}

/// Turns the place of a vertex, or of a fragment, as the target has it.
fn on_target(code: &str, stage: ShaderStage) -> String {
    let rest = code
        .strip_prefix(VERSION_LINE)
        .expect("naga begins with the version");
    let declared = format!("{VERSION_LINE}uniform highp vec2 {TARGET};\n");
    if stage == ShaderStage::Vertex {
        // Only `main` returns nothing, from wherever it has placed the vertex.
        let placed = format!("gl_Position.y *= {TARGET}.y;\n    return;");
        return declared + &rest.replace("return;", &placed);
    }
    let turned = format!("vec4(gl_FragCoord.x, abs({TARGET}.x - gl_FragCoord.y), gl_FragCoord.zw)");
    format!("{declared}{}", rest.replace("gl_FragCoord", &turned))
}
