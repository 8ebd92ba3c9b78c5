//! Models run in processes of their own: a file from outside may want all the memory there is, never
//! end, or break the runtime, and then a process is what ends, and a job says why.
//!
//! [`Helper`] is this side: it starts the same program with a hidden subcommand, hands it requests
//! ([`protocol`]) one at a time and waits for each answer so long and no longer. [`helper`] is the
//! other side. A helper whose server is gone sees its input end, and ends too.

pub mod helper;
pub mod protocol;

use crate::crypto::hex;
use anyhow::Context as _;
use protocol::{Answer, Request};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Segment Anything's image encoder as browsers have it too (`models/mobile-sam`). Of a constant every
/// unit of code that names it would have a copy of its own.
static ENCODER: &[u8] = include_bytes!("../../models/mobile-sam/mobile_sam_encoder.onnx");

/// What tells the built-in encoder from any other.
pub fn encoder_sha256() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| hex(&Sha256::digest(ENCODER)));
    &DIGEST
}

/// The longest answer, in bytes: of thousands of outlines.
const MAX_ANSWER_BYTES: u64 = 64 << 20;
/// Address space beside what the files need: the program, its threads, the values in between.
const BASE_BYTES: u64 = 6 << 30;
/// Address space for each byte of the files: as read, as parsed, as optimised, and once more.
const BYTES_PER_BYTE: u64 = 4;

/// Why a helper gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// The model's own fault, in words for whoever registered it.
    #[error("{0}")]
    Refused(String),
    /// Ours; may go better another time.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// A process that runs one model; ends with the value.
pub struct Helper {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    memory_bytes: u64,
    has_ended: bool,
}

impl Helper {
    /// Starts a process for files of so many bytes together. `program` is this one, unless it is a
    /// test that runs.
    pub fn start(program: Option<PathBuf>, file_bytes: u64) -> anyhow::Result<Self> {
        Self::start_within(program, BASE_BYTES + BYTES_PER_BYTE * file_bytes)
    }

    /// Starts a process with an address space of so many bytes.
    pub fn start_within(program: Option<PathBuf>, memory_bytes: u64) -> anyhow::Result<Self> {
        let program = match program {
            Some(program) => program,
            None => std::env::current_exe().context("finding this program")?,
        };
        let mut child = Command::new(&program)
            .arg("run-model")
            .args(["--memory-bytes", &memory_bytes.to_string()])
            // Credentials are none of its business.
            .env_clear()
            // The allocator takes addresses as it needs them: its usual gigabyte in advance would be
            // counted against the limit.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let input = child.stdin.take().context("the helper's input")?;
        let output = child.stdout.take().context("the helper's output")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            memory_bytes,
            has_ended: false,
        })
    }

    /// Sends a request, with bytes where it speaks of some, and waits for the answer; after a
    /// failure the helper is of no more use.
    pub async fn ask(
        &mut self,
        request: &Request,
        bytes: &[u8],
        patience: Duration,
    ) -> Result<(Value, Vec<u8>), HelperError> {
        let answered = tokio::time::timeout(patience, self.exchange(request, bytes)).await;
        match answered {
            Ok(Ok(Answer::Done { value, bytes })) => {
                let bytes = tokio::time::timeout(patience, self.bytes(bytes));
                let bytes = bytes.await.map_err(anyhow::Error::from)??;
                Ok((value, bytes))
            }
            Ok(Ok(Answer::Refused { message })) => Err(HelperError::Refused(message)),
            Ok(Err(error)) => {
                self.has_ended = true;
                Err(self.ended(error).await)
            }
            Err(_) => {
                self.has_ended = true;
                let _ = self.child.kill().await;
                Err(HelperError::Refused(format!(
                    "The model was stopped: it took longer than {} seconds.",
                    patience.as_secs()
                )))
            }
        }
    }

    /// Whether it can be asked no more.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    async fn exchange(&mut self, request: &Request, bytes: &[u8]) -> anyhow::Result<Answer> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        self.input.write_all(bytes).await?;
        self.input.flush().await?;
        let mut line = Vec::new();
        let mut output = (&mut self.output).take(MAX_ANSWER_BYTES);
        output.read_until(b'\n', &mut line).await?;
        if line.last() != Some(&b'\n') {
            anyhow::bail!("the helper's answer breaks off");
        }
        Ok(serde_json::from_slice(&line)?)
    }

    async fn bytes(&mut self, count: u64) -> Result<Vec<u8>, HelperError> {
        if count > MAX_ANSWER_BYTES {
            return Err(anyhow::anyhow!("the helper answers with {count} bytes").into());
        }
        let mut bytes = vec![0; count as usize];
        let read = self.output.read_exact(&mut bytes).await;
        read.map_err(anyhow::Error::from)?;
        Ok(bytes)
    }

    /// What to say when there is no answer: what ended the process, where something did.
    async fn ended(&mut self, error: anyhow::Error) -> HelperError {
        use std::os::unix::process::ExitStatusExt as _;
        let status = tokio::time::timeout(Duration::from_secs(5), self.child.wait()).await;
        match status {
            // Rust aborts where memory is refused; the kernel kills where there is none.
            Ok(Ok(status)) if status.signal().is_some() => HelperError::Refused(format!(
                "The model was stopped: it broke the runtime, or wanted more than the {} GB of \
                 memory that there are for it ({status}).",
                self.memory_bytes >> 30
            )),
            Ok(Ok(status)) => error.context(format!("the helper ended: {status}")).into(),
            _ => error.into(),
        }
    }
}
