//! The files of the workbench: collected, renamed by content, compressed, put in place at once.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::compress::{compress_all, compressed, hash_of};
use super::infer;
use super::wasm::Module;
use crate::places::Places;

/// What a first visit fetches; other fonts only come with the scripts that need them.
const FIRST_LOAD: [&str; 6] = [
    "index.html",
    "app.js",
    "app_bg.wasm",
    "app.css",
    "favicon.svg",
    "inter-latin-wght-normal.woff2",
];
const FONT_PACKAGE: &str = "node_modules/@fontsource-variable/inter";

/// The worker that decodes large pictures: its module and the script that starts it.
pub struct Worker {
    pub module: Module,
    pub script: String,
}

/// Files by their path under the web root.
pub struct Files {
    by_path: BTreeMap<String, Vec<u8>>,
    /// From the path as sources write it (`/app.js`) to the path as it is served (`/assets/app-1a2b.js`).
    served_as: BTreeMap<String, String>,
}

impl Files {
    /// Puts a file under `assets/`, with its hash in the name.
    fn add(&mut self, source_path: &str, bytes: Vec<u8>) {
        let name = source_path.rsplit('/').next().unwrap_or(source_path);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let served = format!("assets/{stem}-{}.{extension}", &hash_of(&bytes)[..16]);
        self.served_as
            .insert(source_path.to_owned(), format!("/{served}"));
        self.by_path.insert(served, bytes);
    }

    /// Adds the worker's files, each naming the next as it is served; the script's own name.
    fn add_worker(&mut self, worker: &Worker) -> String {
        let mut add = |source: &str, bytes: Vec<u8>| {
            self.add(source, bytes);
            self.served_as[source].replace("/assets/", "")
        };
        let wasm = add("/media_bg.wasm", worker.module.wasm.clone());
        let glue = add("/media.js", worker.module.js.clone().into_bytes());
        let script = worker
            .script
            .replace("'./media.js'", &format!("'./{glue}'"))
            .replace("'./media_bg.wasm'", &format!("'./{wasm}'"));
        add("/media_worker.js", script.into_bytes())
    }

    /// Adds the worker that runs Segment Anything, with its modules, and the models.
    fn add_segmentation(&mut self, places: &Places, worker: &infer::Worker) -> Result<()> {
        self.add("/infer.js", worker.plain.js.clone().into_bytes());
        self.add("/infer_bg.wasm", worker.plain.wasm.clone());
        self.add("/infer_relaxed_bg.wasm", worker.relaxed.wasm.clone());
        self.add("/infer_gpu.js", worker.gpu.js.clone().into_bytes());
        self.add("/infer_gpu_bg.wasm", worker.gpu.wasm.clone());
        let host = self.beside(&worker.gpu_host, &["infer_gpu.js", "infer_gpu_bg.wasm"]);
        self.add("/infer_gpu_host.js", host.into_bytes());
        self.add("/infer_threads.js", worker.threads.js.clone().into_bytes());
        self.add("/infer_threads_bg.wasm", worker.threads.wasm.clone());
        let helper = self.beside(&worker.helper, &["infer_threads.js"]);
        self.add("/infer_helper.js", helper.into_bytes());
        let names = [
            "infer_threads.js",
            "infer_threads_bg.wasm",
            "infer_helper.js",
        ];
        let host = self.beside(&worker.threads_host, &names);
        self.add("/infer_threads_host.js", host.into_bytes());
        let names = [
            "infer.js",
            "infer_bg.wasm",
            "infer_relaxed_bg.wasm",
            "infer_gpu_host.js",
            "infer_threads_host.js",
            "infer_files.js",
        ];
        self.add("/infer_files.js", worker.files.clone().into_bytes());
        let script = self.beside(&worker.script, &names);
        self.add("/infer_worker.js", script.into_bytes());
        for name in infer::MODELS {
            self.add(&format!("/{name}"), infer::model(places, name)?);
        }
        Ok(())
    }

    /// A script that names files beside it as they are served.
    fn beside(&self, script: &str, names: &[&str]) -> String {
        names.iter().fold(script.to_owned(), |script, name| {
            let served = self.served_as[&format!("/{name}")].replace("/assets/", "");
            script.replace(&format!("'./{name}'"), &format!("'./{served}'"))
        })
    }

    /// Text with every quoted mention of a known file replaced by where it is served.
    fn resolve(&self, text: &str) -> String {
        self.served_as
            .iter()
            .fold(text.to_owned(), |text, (source, served)| {
                text.replace(&format!("\"{source}\""), &format!("\"{served}\""))
                    .replace(&format!("'{source}'"), &format!("'{served}'"))
            })
    }
}

/// Gathers everything that the page needs.
pub fn collect(
    places: &Places,
    module: &Module,
    worker: &Worker,
    segmentation: &infer::Worker,
) -> Result<Files> {
    let mut files = Files {
        by_path: BTreeMap::new(),
        served_as: BTreeMap::new(),
    };
    let app = places.root.join("app");
    for font in sorted(&places.root.join(FONT_PACKAGE).join("files"))? {
        if font.ends_with("-wght-normal.woff2") {
            let bytes = fs::read(places.root.join(FONT_PACKAGE).join("files").join(&font))?;
            files.add(&format!("/fonts/{font}"), bytes);
        }
    }
    let licence = fs::read(places.root.join(FONT_PACKAGE).join("LICENSE"))?;
    files
        .by_path
        .insert("assets/inter-LICENSE.txt".into(), licence);
    files.add(
        "/favicon.svg",
        fs::read(app.join("favicon.svg")).context("app/favicon.svg is missing")?,
    );

    let mut css = String::new();
    for sheet in sorted(&app.join("styles"))? {
        let path = app.join("styles").join(sheet);
        if path.extension().is_some_and(|kind| kind == "css") {
            css.push_str(&fs::read_to_string(path)?);
            css.push('\n');
        }
    }
    files.add("/app.css", files.resolve(&css).into_bytes());

    let worker_path = files.add_worker(worker);
    files.add_segmentation(places, segmentation)?;
    // The engine starts the worker by an address relative to its own.
    let snippets: BTreeMap<&String, String> = module
        .snippets
        .iter()
        .map(|(path, text)| {
            let served = format!("'../../{worker_path}'");
            let text = text.replace("'../../media_worker.js'", &served);
            (path, files.resolve(&text))
        })
        .collect();

    // The snippets' folder is named by the content of all of them, so that it too can be cached for ever.
    let mut all = Vec::new();
    for (path, text) in &snippets {
        all.extend_from_slice(path.as_bytes());
        all.push(0);
        all.extend_from_slice(text.as_bytes());
        all.push(0);
    }
    let folder = format!("snippets-{}", &hash_of(&all)[..16]);
    for (path, text) in &snippets {
        let path = format!("assets/{}", path.replacen("snippets", &folder, 1));
        files.by_path.insert(path, text.clone().into_bytes());
    }
    files.add("/app_bg.wasm", module.wasm.clone());
    let js = module.js.replace("./snippets/", &format!("./{folder}/"));
    let wasm_path = files.served_as["/app_bg.wasm"].replace("/assets/", "");
    let js = js.replace("'app_bg.wasm'", &format!("'{wasm_path}'"));
    files.add("/app.js", js.into_bytes());

    let page = fs::read_to_string(app.join("index.html")).context("app/index.html is missing")?;
    files
        .by_path
        .insert("index.html".into(), files.resolve(&page).into_bytes());
    Ok(files)
}

/// Writes beside the target and then takes its place, so that a running server never sees half of it.
pub fn write(places: &Places, files: &Files, out: &Path, quick: bool) -> Result<Sizes> {
    let fresh = out.with_extension(format!("new-{}", std::process::id()));
    remove_directory(&fresh)?;
    let mut sizes = Sizes::default();
    if !quick {
        let mut worth_it: Vec<&[u8]> = files
            .by_path
            .iter()
            .filter(|(path, bytes)| is_worth_compressing(path, bytes))
            .map(|(_, bytes)| &**bytes)
            .collect();
        // The largest first: the cores end together.
        worth_it.sort_by_key(|bytes| std::cmp::Reverse(bytes.len()));
        compress_all(places, &worth_it)?;
    }
    for (path, bytes) in &files.by_path {
        let target = fresh.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&target, bytes)?;
        let mut wire = bytes.len();
        if is_worth_compressing(path, bytes) && !quick {
            let small = compressed(places, bytes)?;
            wire = small.br.len();
            fs::write(fresh.join(format!("{path}.br")), small.br)?;
            fs::write(fresh.join(format!("{path}.gz")), small.gz)?;
        }
        let first = first_load_name(files, path);
        sizes.rows.push(Row {
            path: path.clone(),
            bytes: bytes.len() as u64,
            wire: wire as u64,
            first,
        });
    }
    let old = out.with_extension(format!("old-{}", std::process::id()));
    remove_directory(&old)?;
    if out.exists() {
        fs::rename(out, &old)?;
    }
    fs::rename(&fresh, out)?;
    remove_directory(&old)?;
    forget_unused(places)?;
    Ok(sizes)
}

/// Fonts are compressed already, and a model's weights do not get much smaller.
fn is_worth_compressing(path: &str, bytes: &[u8]) -> bool {
    let dense = ["woff2", "onnx"];
    let is_dense = |kind: &OsStr| dense.iter().any(|dense| kind == *dense);
    bytes.len() > 512 && !Path::new(path).extension().is_some_and(is_dense)
}

/// Writes a module with the names that wasm-bindgen gives, for use as an ES module.
pub fn write_plain(module: &Module, out: &Path) -> Result<()> {
    remove_directory(out)?;
    fs::create_dir_all(out)?;
    fs::write(
        out.join(format!("{}_bg.wasm", module.out_name)),
        &module.wasm,
    )?;
    fs::write(out.join(format!("{}.js", module.out_name)), &module.js)?;
    fs::write(
        out.join(format!("{}.d.ts", module.out_name)),
        &module.typescript,
    )?;
    for (path, text) in &module.snippets {
        let target = out.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(target, text)?;
    }
    Ok(())
}

/// Writes the worker's files beside the engine's, with plain names.
pub fn write_worker(worker: &Worker, out: &Path) -> Result<()> {
    fs::write(out.join("media_bg.wasm"), &worker.module.wasm)?;
    fs::write(out.join("media.js"), &worker.module.js)?;
    fs::write(out.join("media_worker.js"), &worker.script)?;
    Ok(())
}

/// What was written, for the person and for the size limit.
#[derive(Default)]
pub struct Sizes {
    rows: Vec<Row>,
}

struct Row {
    path: String,
    bytes: u64,
    /// Bytes over the wire, with brotli where that is smaller.
    wire: u64,
    first: bool,
}

impl Sizes {
    pub fn first_load_bytes(&self) -> u64 {
        self.rows
            .iter()
            .filter(|row| row.first)
            .map(|row| row.wire)
            .sum()
    }

    pub fn print(&self) {
        for row in self.rows.iter().filter(|row| row.first) {
            println!(
                "  {:>9} bytes, {:>8} over the wire  {}",
                row.bytes, row.wire, row.path
            );
        }
        println!(
            "  first load: {} bytes over the wire",
            self.first_load_bytes()
        );
    }
}

fn first_load_name(files: &Files, path: &str) -> bool {
    FIRST_LOAD.iter().any(|name| {
        path == *name
            || files.served_as.iter().any(|(source, served)| {
                served.trim_start_matches('/') == path && source.rsplit('/').next() == Some(name)
            })
    })
}

fn sorted(directory: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(directory).with_context(|| format!("{} is missing", directory.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

fn remove_directory(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Drops cached results that nobody has written for a month.
fn forget_unused(places: &Places) -> Result<()> {
    let limit = SystemTime::now() - Duration::from_hours(30 * 24);
    for name in ["wasm-opt", "compressed"] {
        for entry in fs::read_dir(places.cached(name)?)? {
            let entry = entry?;
            if entry
                .metadata()?
                .modified()
                .is_ok_and(|modified| modified < limit)
            {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_what_lies_beside_it_as_it_is_served() {
        let mut files = Files {
            by_path: BTreeMap::new(),
            served_as: BTreeMap::new(),
        };
        files.add("/infer.js", b"one".to_vec());
        files.add("/infer_gpu.js", b"two".to_vec());
        let script = "import './infer.js'; import('./infer_gpu.js'); './infer_gpu_host.js'";
        let names = |path: &str| files.served_as[path].replace("/assets/", "./");
        let (one, two) = (names("/infer.js"), names("/infer_gpu.js"));
        let expected = format!("import '{one}'; import('{two}'); './infer_gpu_host.js'");
        assert_ne!(one, two);
        assert_eq!(
            files.beside(script, &["infer.js", "infer_gpu.js"]),
            expected
        );
    }
}
