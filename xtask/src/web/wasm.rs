//! One Rust package to one optimised wasm module and its JavaScript.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::compile::{Simd, compile, target_of};
use super::compress::hash_of;
use crate::places::Places;
use crate::setup::wasm::Toolchain;
use crate::shell::{command, run_quietly, say};

pub struct Package {
    /// Cargo's name.
    pub name: &'static str,
    pub kind: Kind,
    /// What cargo calls the module.
    pub file: &'static str,
    /// What the browser's files are called: `{out_name}.js`, `{out_name}_bg.wasm`.
    pub out_name: &'static str,
    pub simd: Simd,
}

/// What Rust makes a module of.
#[derive(Clone, Copy)]
pub enum Kind {
    /// What a browser begins with, by what cargo is to build of [`PAGES`].
    Page(&'static [&'static str]),
    /// Told here and not in its manifest to become a module: there it would be one for every crate
    /// that uses it too, never be optimised as a whole, and be built anew whenever other features
    /// are wanted of it.
    Library,
}

/// Selected together, whichever is built: then both want the same features of what they share, and that
/// is built once.
const PAGES: [&str; 4] = ["-p", "visionflow-app", "-p", "visionflow-annotator"];

/// A module as the browser loads it.
pub struct Module {
    pub out_name: &'static str,
    pub wasm: Vec<u8>,
    pub js: String,
    /// JavaScript that Rust crates bring along, by the path that `js` imports them from.
    pub snippets: BTreeMap<String, String>,
    pub typescript: String,
}

/// Features that every browser with WebGL2 or WebGPU has, as rustc enables them.
const WASM_OPT: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-producers",
];

pub fn build(
    places: &Places,
    toolchain: &Toolchain,
    package: &Package,
    quick: bool,
) -> Result<Module> {
    let lto = !quick && package.simd.is_worth_optimising();
    let told = match package.kind {
        Kind::Page(targets) => [&["build"], &PAGES[..], targets].concat(),
        Kind::Library => vec!["rustc", "-p", package.name, "--crate-type", "cdylib"],
    };
    compile(places, toolchain, &told, package.simd, lto)?;
    let built = target_of(places, package.simd)
        .join("wasm32-unknown-unknown/web")
        .join(package.file);
    let mut bytes =
        fs::read(&built).with_context(|| format!("{} was not built", built.display()))?;
    declare_features(&mut bytes, package.simd);
    let mut output = Bindgen::new()
        .input_bytes(package.out_name, bytes)
        .out_name(package.out_name)
        .web(true)?
        .typescript(true)
        .generate_output()
        .context("wasm-bindgen could not read the module")?;
    let bound = output.wasm_mut().emit_wasm();
    let wasm = if quick || !package.simd.is_worth_optimising() {
        bound
    } else {
        optimised(places, &bound)?
    };
    Ok(Module {
        out_name: package.out_name,
        wasm,
        js: output.js().to_owned(),
        snippets: snippets(&output),
        typescript: output.ts().unwrap_or_default().to_owned(),
    })
}

/// A module without JavaScript, made of an example: for a benchmark.
pub fn example(
    places: &Places,
    toolchain: &Toolchain,
    package: &str,
    name: &str,
) -> Result<PathBuf> {
    let targets = ["build", "-p", package, "--example", name];
    compile(places, toolchain, &targets, Simd::No, true)?;
    let directory = places
        .wasm_target
        .join("wasm32-unknown-unknown/web/examples");
    Ok(directory.join(format!("{name}.wasm")))
}

/// Puts back the section that says which features the compiler used, which stripping has removed.
///
/// Without `reference-types` the glue would lack what the module's own table of JavaScript values needs.
fn declare_features(module: &mut Vec<u8>, simd: Simd) {
    const SECTION: &str = "target_features";
    const FEATURES: [&str; 5] = [
        "bulk-memory",
        "mutable-globals",
        "nontrapping-fptoint",
        "reference-types",
        "sign-ext",
    ];
    // Every length here fits into one byte of LEB128.
    let text = |text: &str| [&[text.len() as u8], text.as_bytes()].concat();
    let mut content = text(SECTION);
    let features = [&FEATURES, simd.features()].concat();
    content.push(features.len() as u8);
    for feature in features {
        content.push(b'+');
        content.extend(text(feature));
    }
    module.push(0);
    module.push(content.len() as u8);
    module.extend(content);
}

fn snippets(output: &wasm_bindgen_cli_support::Output) -> BTreeMap<String, String> {
    let inline = output.snippets().iter().flat_map(|(crate_id, texts)| {
        texts
            .iter()
            .enumerate()
            .map(move |(i, text)| (format!("snippets/{crate_id}/inline{i}.js"), text.clone()))
    });
    let files = output
        .local_modules()
        .iter()
        .map(|(path, text)| (format!("snippets/{path}"), text.clone()));
    inline.chain(files).collect()
}

/// wasm-opt's result, from the cache when this very module has been through it.
fn optimised(places: &Places, module: &[u8]) -> Result<Vec<u8>> {
    let cache = places.cached("wasm-opt")?;
    let options = [&["-Os"], &WASM_OPT[..]].concat();
    let key = hash_of(&[module, options.join(" ").as_bytes()].concat());
    let result = cache.join(format!("{key}.wasm"));
    if let Ok(bytes) = fs::read(&result) {
        return Ok(bytes);
    }
    say(&format!(
        "Optimising {} kB of WebAssembly",
        module.len() / 1000
    ));
    // Another checkout may be at the same module.
    let own = std::process::id();
    let input = cache.join(format!("{key}.{own}.in"));
    let partial = cache.join(format!("{key}.{own}.out"));
    fs::write(&input, module)?;
    run_quietly(
        command(places.npm_program("wasm-opt"))
            .args(&options)
            .arg(&input)
            .arg("-o")
            .arg(&partial),
    )?;
    fs::remove_file(&input)?;
    fs::rename(&partial, &result)?;
    Ok(fs::read(result)?)
}
