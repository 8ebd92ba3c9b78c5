//! The postmaster's process.

use super::account::Account;
use super::binaries::Binaries;
use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What a leftover of an earlier start may still take once `pg_ctl` has given up on it.
const LEFTOVER_PATIENCE: Duration = Duration::from_mins(1);

/// How a process that was started here stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Ended(ExitStatus),
}

pub struct Process {
    pid: Pid,
    state: watch::Receiver<State>,
}

impl Process {
    /// Starts `postgres`. The thread that does so lives until it ends: the kernel sends the
    /// "parent died" signal when the starting *thread* ends.
    pub fn spawn(
        binaries: &Binaries,
        account: &Account,
        cluster_dir: &Path,
        settings: &[String],
        log: &Path,
    ) -> anyhow::Result<Self> {
        let mut command = guarded(binaries, account);
        command.arg("-D").arg(cluster_dir);
        for setting in settings {
            command.arg("-c").arg(setting);
        }
        let log_file =
            fs::File::create(log).with_context(|| format!("writing {}", log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file);
        let (sender, state) = watch::channel(State::Running);
        let (started, starting) = mpsc::channel();
        thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || match command.spawn() {
                Ok(mut child) => {
                    let _ = started.send(Ok(child.id()));
                    if let Ok(status) = child.wait() {
                        let _ = sender.send(State::Ended(status));
                    }
                }
                Err(error) => {
                    let _ = started.send(Err(error));
                }
            })?;
        let id = starting.recv()?.context("starting postgres")?;
        let pid = Pid::from_raw(i32::try_from(id)?);
        Ok(Self { pid, state })
    }

    pub fn exit_status(&self) -> Option<ExitStatus> {
        match *self.state.borrow() {
            State::Running => None,
            State::Ended(status) => Some(status),
        }
    }

    /// Resolves with how it ended.
    pub async fn ended(&self) -> String {
        let mut state = self.state.clone();
        let ended = state.wait_for(|state| *state != State::Running).await;
        match ended.map(|state| *state) {
            Ok(State::Ended(status)) => status.to_string(),
            Ok(State::Running) | Err(_) => "unknown".to_owned(),
        }
    }

    /// Fast shutdown, and waits for it.
    pub async fn stop(&self) {
        if self.exit_status().is_none() && kill(self.pid, Signal::SIGINT).is_ok() {
            self.ended().await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.exit_status().is_none() {
            let _ = kill(self.pid, Signal::SIGINT);
        }
    }
}

/// `postgres`, told to shut down when we die, where `setpriv` (util-linux) can arrange it.
fn guarded(binaries: &Binaries, account: &Account) -> Command {
    let postgres = binaries.path("postgres");
    let knows = |help: &[u8]| String::from_utf8_lossy(help).contains("--pdeathsig");
    let setpriv = Command::new("setpriv").arg("--help").output();
    if setpriv.is_ok_and(|output| knows(&output.stdout)) {
        let mut command = account.command(Path::new("setpriv"));
        command.args(["--pdeathsig", "INT", "--"]).arg(postgres);
        return command;
    }
    account.command(&postgres)
}

/// Stops a postmaster that outlived an earlier server on the same directory.
pub fn stop_leftover(
    binaries: &Binaries,
    account: &Account,
    cluster_dir: &Path,
) -> anyhow::Result<()> {
    let Ok(text) = fs::read_to_string(cluster_dir.join("postmaster.pid")) else {
        return Ok(());
    };
    let pid = text
        .lines()
        .next()
        .and_then(|line| line.trim().parse().ok());
    // Postgres itself removes the file of a process that is gone.
    if pid.is_none_or(|pid| !is_postgres(pid)) {
        return Ok(());
    }
    tracing::warn!("a Postgres of an earlier start still runs on the data directory; stopping it");
    let output = account
        .command(&binaries.path("pg_ctl"))
        .args(["stop", "--mode=fast", "--wait", "--timeout=60", "-D"])
        .arg(cluster_dir)
        .output()
        .context("running pg_ctl")?;
    // It may have been on its way out already, without its file, which pg_ctl takes for an error.
    let deadline = Instant::now() + LEFTOVER_PATIENCE;
    while pid.is_some_and(is_postgres) {
        if Instant::now() > deadline {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "A Postgres that runs on {} does not stop: {}",
                cluster_dir.display(),
                said.trim()
            );
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether the process is alive; where the system tells, also whether it is a Postgres.
fn is_postgres(pid: i32) -> bool {
    match fs::read_to_string(format!("/proc/{pid}/comm")) {
        Ok(name) => name.trim() == "postgres",
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => kill(Pid::from_raw(pid), None).is_ok(),
    }
}
