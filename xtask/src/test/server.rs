//! Steps about the server beyond its plain tests: generated files, `PgBouncer`, another S3.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::counting::{Counts, run_counted};
use crate::places::Places;
use crate::shell::{cargo, command, text_of};
use crate::{server, setup};

const OPENAPI: &str = "docs/openapi.json";

/// What is generated and committed equals what would be generated now.
pub fn generated_files(places: &Places) -> Result<Counts> {
    let binary = server::build(places, false)?;
    let fresh = text_of(command(&binary).arg("openapi"))?;
    let kept = fs::read_to_string(places.root.join(OPENAPI))
        .with_context(|| format!("{OPENAPI} is missing"))?;
    if fresh.trim_end() != kept.trim_end() {
        bail!("{OPENAPI} is out of date: run `cargo xtask generate` and commit it");
    }
    Ok(Counts::one())
}

/// Writes what `generated_files` compares.
pub fn generate(places: &Places) -> Result<()> {
    let binary = server::build(places, false)?;
    let fresh = text_of(command(&binary).arg("openapi"))?;
    fs::write(places.root.join(OPENAPI), format!("{}\n", fresh.trim_end()))?;
    println!("{OPENAPI} is written");
    Ok(())
}

/// The server's tests with its requests through `PgBouncer` in transaction mode.
pub fn through_pgbouncer(places: &Places) -> Result<Counts> {
    let pgbouncer = setup::pgbouncer::program()?;
    let postgres = setup::postgres::programs(places)?;
    run_counted(
        server_tests(places)
            .env("VISIONFLOW_POSTGRES_BIN_DIR", postgres)
            .env("VISIONFLOW_TEST_PGBOUNCER", pgbouncer),
    )
}

/// The tests of uploads and objects against an S3 that is not ours.
pub fn on_seaweedfs(places: &Places) -> Result<Counts> {
    let weed = setup::python::environment(places)?.join("weed");
    let postgres = setup::postgres::programs(places)?;
    let s3 = SeaweedFs::start(places, &weed)?;
    run_counted(
        server_tests(places)
            .env("VISIONFLOW_POSTGRES_BIN_DIR", postgres)
            .env("VISIONFLOW_TEST_S3_ENDPOINT", &s3.endpoint)
            .env("VISIONFLOW_TEST_S3_ACCESS_KEY_ID", KEY)
            .env("VISIONFLOW_TEST_S3_SECRET_ACCESS_KEY", SECRET),
    )
}

fn server_tests(places: &Places) -> std::process::Command {
    let mut tests = cargo(places);
    tests.args(["test", "--no-fail-fast", "--test", "all"]);
    tests
}

const KEY: &str = "visionflow-test";
const SECRET: &str = "visionflow-test-secret";

/// A `SeaweedFS` on free ports with an empty directory, ended when dropped.
struct SeaweedFs {
    child: Child,
    endpoint: String,
}

impl SeaweedFs {
    fn start(places: &Places, weed: &Path) -> Result<Self> {
        let directory = places.cached("seaweedfs")?;
        fs::remove_dir_all(&directory)?;
        fs::create_dir_all(directory.join("data"))?;
        let identities = serde_json::json!({"identities": [{
            "name": "test",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }]});
        let config = directory.join("s3.json");
        fs::write(&config, identities.to_string())?;
        let [master, volume, filer, s3] = free_ports()?;
        let log = fs::File::create(directory.join("log"))?;
        let mut program = command(weed);
        program.args([
            "server",
            "-s3",
            "-ip=127.0.0.1",
            "-volume.max=20",
            "-master.volumeSizeLimitMB=64",
        ]);
        for (name, port) in [
            ("master", master),
            ("volume", volume),
            ("filer", filer),
            ("s3", s3),
        ] {
            // Each port has a gRPC companion 10,000 above it.
            program.arg(format!("-{name}.port={port}"));
        }
        program.arg(format!("-dir={}", directory.join("data").display()));
        program.arg(format!("-s3.config={}", config.display()));
        program
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = program.spawn().context("cannot start SeaweedFS")?;
        let mut started = Self {
            child,
            endpoint: format!("http://127.0.0.1:{s3}"),
        };
        started.wait_until_ready(s3, &directory)?;
        Ok(started)
    }

    fn wait_until_ready(&mut self, port: u16, directory: &Path) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "SeaweedFS ended at its start ({status}); {}/log says why",
                    directory.display()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!(
            "SeaweedFS was not ready after a minute; {}/log says more",
            directory.display()
        )
    }
}

impl Drop for SeaweedFs {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Free ports whose companions 10,000 above exist as well.
fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::new();
    for port in 20_000..50_000 {
        if let (Ok(one), Ok(two)) = (
            TcpListener::bind(("127.0.0.1", port)),
            TcpListener::bind(("127.0.0.1", port + 10_000)),
        ) {
            held.push((port, one, two));
        }
        if held.len() == N {
            break;
        }
    }
    let ports: Vec<u16> = held.iter().map(|(port, ..)| *port).collect();
    ports
        .try_into()
        .map_err(|_| anyhow::anyhow!("there are not enough free ports"))
}
