//! The helper: `visionflow run-model`, a process without database, storage or network, within limits
//! that it sets itself before it reads anything.

use super::ENCODER;
use super::protocol::{Answer, Request};
use anyhow::Context as _;
use nix::sys::resource::{Resource, setrlimit};
use serde_json::{Value, json};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Instant;
use visionflow_infer::{Encoder, ModelSpec, Network, Outcome, Photo};

/// A value and raw bytes, or why there are none.
type Answered = Result<(Value, Vec<u8>), String>;

/// Answers requests until the input ends.
pub fn run(memory_bytes: u64) -> anyhow::Result<()> {
    limit(memory_bytes)?;
    // What a model breaks is told in the answer.
    std::panic::set_hook(Box::new(|_| {}));
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        // The input ends with the server; whatever is being computed then is of no use to anyone.
        let ended = listen(&sender);
        std::process::exit(i32::from(ended.is_err()));
    });
    let mut output = io::stdout().lock();
    let mut runner = Runner::default();
    for (request, bytes) in requests {
        let answered = catch_unwind(AssertUnwindSafe(|| runner.answer(request, &bytes)));
        let outcome = answered.unwrap_or_else(|panic| {
            Err(format!("The model breaks the runtime: {}", words(&*panic)))
        });
        let (answer, bytes) = match outcome {
            Ok((value, bytes)) => {
                let count = bytes.len() as u64;
                (
                    Answer::Done {
                        value,
                        bytes: count,
                    },
                    bytes,
                )
            }
            Err(message) => (Answer::Refused { message }, Vec::new()),
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.write_all(&bytes)?;
        output.flush()?;
    }
    Ok(())
}

/// Beyond them an allocation fails, which ends the process.
fn limit(memory_bytes: u64) -> anyhow::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("limiting core files")?;
    let limited = setrlimit(Resource::RLIMIT_AS, memory_bytes, memory_bytes);
    // macOS knows the limit and does not keep it.
    if cfg!(target_os = "linux") {
        limited.context("limiting the address space")?;
    }
    Ok(())
}

fn listen(requests: &mpsc::Sender<(Request, Vec<u8>)>) -> anyhow::Result<()> {
    let mut input = BufReader::new(io::stdin().lock());
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let request: Request = serde_json::from_str(&line)?;
        let mut bytes = vec![0; request.bytes()];
        input.read_exact(&mut bytes)?;
        requests.send((request, bytes))?;
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it says no more")
}

/// What the process has loaded.
#[derive(Default)]
struct Runner {
    encoder: Option<Encoder>,
    network: Option<Network>,
}

impl Runner {
    fn answer(&mut self, request: Request, bytes: &[u8]) -> Answered {
        match request {
            Request::Inspect { files, spec } => {
                let wanted = spec.map(described).transpose()?;
                inspect(&files, wanted.as_ref()).map(|report| (report, Vec::new()))
            }
            Request::Load { files, spec } => {
                // The last model goes first: there is room for one.
                self.network = None;
                let spec = described(spec)?;
                let file = read(&files[..1])?.swap_remove(0);
                self.network = Some(Network::load(&file, &spec).map_err(in_words)?);
                Ok((Value::Null, Vec::new()))
            }
            Request::Run {
                width,
                height,
                scaled_width,
                scaled_height,
            } => {
                let network = self.network.as_ref().ok_or("No model is loaded.")?;
                let photo = Photo {
                    width,
                    height,
                    scaled_width: scaled_width as usize,
                    scaled_height: scaled_height as usize,
                    rgba: bytes,
                };
                match network.run(&photo).map_err(in_words)? {
                    Outcome::Detections(found) => Ok((json!(found), Vec::new())),
                    Outcome::Embedding(_) => Err("The model finds nothing by itself.".to_owned()),
                }
            }
            Request::Encode { width, height } => {
                let encoder = match &mut self.encoder {
                    Some(encoder) => encoder,
                    none => none.insert(Encoder::load(ENCODER).map_err(in_words)?),
                };
                let embedding = encoder.encode(width as usize, height as usize, bytes);
                Ok((Value::Null, embedding.map_err(in_words)?.to_f16_bytes()))
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn in_words(error: visionflow_infer::Error) -> String {
    error.to_string()
}

fn described(spec: Value) -> Result<ModelSpec, String> {
    serde_json::from_value(spec)
        .map_err(|error| format!("The model's description cannot be read: {error}."))
}

fn read(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, String> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| format!("a file: {error}"));
    files.iter().map(read).collect()
}

fn inspect(files: &[PathBuf], wanted: Option<&ModelSpec>) -> Result<Value, String> {
    let started = Instant::now();
    let clock = || started.elapsed().as_secs_f64();
    let files = read(files)?;
    let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    Ok(json!(visionflow_infer::inspect(&parts, wanted, &clock)))
}
