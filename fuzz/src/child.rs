//! One target in this process.

use crate::Arguments;
use anyhow::{Context, Result, bail};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use visionflow_fuzz::{Mutator, Random, TARGETS, Target};

/// The exit status of a process that found something and wrote it down.
pub const FOUND: i32 = 86;
const TOO_LONG: Duration = Duration::from_secs(10);
/// Inputs with outcomes of their own that are kept.
const MOST_KEPT: usize = 4096;

pub fn target(name: &str) -> Result<&'static Target> {
    let found = TARGETS.iter().find(|target| target.name == name);
    found.with_context(|| {
        let all: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        format!("there is no target {name}; there are {}", all.join(", "))
    })
}

/// What is being tried, for the watch.
type Current = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

struct Trial<'a> {
    target: &'static Target,
    artifacts: PathBuf,
    trace: Option<&'a Path>,
    current: Current,
}

pub fn run(target: &'static Target, arguments: &Arguments) -> Result<()> {
    let trial = Trial {
        target,
        artifacts: arguments.artifacts.join(target.name),
        trace: arguments.trace.as_deref(),
        current: Current::default(),
    };
    trial.watch();
    let deadline = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut pool = (target.seeds)();
    pool.extend(corpus(target.name)?);
    let mut outcomes = HashSet::new();
    for bytes in &pool {
        outcomes.insert(trial.attempt(bytes)?);
    }
    let mut mutator = Mutator {
        random: Random::new(arguments.seed),
    };
    let mut count = pool.len();
    while Instant::now() < deadline {
        let bytes = mutator.next(&pool);
        let outcome = trial.attempt(&bytes)?;
        count += 1;
        if outcomes.insert(outcome) && pool.len() < MOST_KEPT {
            pool.push(bytes);
        }
    }
    println!(
        "{}: {count} inputs, {} outcomes",
        target.name,
        outcomes.len()
    );
    Ok(())
}

/// Inputs that once failed.
fn corpus(name: &str) -> Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.sort();
    paths.iter().map(|path| Ok(std::fs::read(path)?)).collect()
}

impl Trial<'_> {
    /// The outcome; a panic ends the process after the input is written down.
    fn attempt(&self, bytes: &[u8]) -> Result<u64> {
        if let Some(trace) = self.trace {
            std::fs::write(trace, bytes)?;
        }
        self.set_current(Some((Instant::now(), bytes.to_vec())));
        let run = self.target.run;
        let outcome = std::panic::catch_unwind(|| run(bytes));
        self.set_current(None);
        let Ok(outcome) = outcome else {
            self.found("panicked", bytes)?;
            bail!("unreachable: the process has ended");
        };
        Ok(outcome)
    }

    fn set_current(&self, current: Option<(Instant, Vec<u8>)>) {
        *self.current.lock().expect("no one panics holding it") = current;
    }

    fn found(&self, what: &str, bytes: &[u8]) -> Result<()> {
        write_down(&self.artifacts, self.target.name, what, bytes)?;
        std::process::exit(FOUND);
    }

    /// Ends the process when one input takes too long.
    fn watch(&self) {
        let (current, folder) = (self.current.clone(), self.artifacts.clone());
        let name = self.target.name;
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(500));
                let held = current.lock().expect("no one panics holding it").clone();
                if let Some((start, bytes)) = held
                    && start.elapsed() > TOO_LONG
                {
                    let written = write_down(&folder, name, "took too long", &bytes);
                    std::process::exit(if written.is_ok() { FOUND } else { 1 });
                }
            }
        });
    }
}

fn write_down(folder: &Path, name: &str, what: &str, bytes: &[u8]) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{:016x}", hasher.finish()));
    std::fs::write(&path, bytes)?;
    println!(
        "{name}: {what} on {} bytes, kept as {}",
        bytes.len(),
        path.display()
    );
    Ok(())
}
