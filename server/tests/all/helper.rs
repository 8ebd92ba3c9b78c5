//! The process that runs models: whatever happens to it, the server hears of it in words and in time.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use visionflow_server::inference::protocol::Request;
use visionflow_server::inference::{Helper, HelperError};

const PROGRAM: &str = env!("CARGO_BIN_EXE_visionflow");
const LONG: Duration = Duration::from_mins(2);

fn photograph() -> (Request, Vec<u8>) {
    let request = Request::Encode {
        width: 64,
        height: 48,
    };
    (request, vec![100; 64 * 48 * 4])
}

fn words(error: HelperError) -> String {
    match error {
        HelperError::Refused(words) => words,
        HelperError::Failed(error) => panic!("it is not the server's fault: {error:#}"),
    }
}

#[tokio::test]
async fn what_takes_too_long_is_stopped() {
    let mut helper = Helper::start(Some(PROGRAM.into()), 0).unwrap();
    let (request, bytes) = photograph();
    let answer = helper.ask(&request, &bytes, Duration::from_millis(1)).await;
    let words = words(answer.unwrap_err());
    assert!(words.contains("took longer"), "{words}");
    assert!(helper.has_ended());
}

/// The encoder wants some hundred megabytes; the program itself far less than what is given.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_wants_too_much_memory_ends_and_nothing_else_does() {
    let mut helper = Helper::start_within(Some(PROGRAM.into()), 250 << 20).unwrap();
    let (request, bytes) = photograph();
    let answer = helper.ask(&request, &bytes, LONG).await;
    let words = words(answer.unwrap_err());
    // Told by the runtime where it noticed, or by what ended the process.
    assert!(words.contains("runtime"), "{words}");
}

/// Its input ends with the server; also while it is busy.
#[test]
fn a_helper_does_not_outlive_its_server() {
    let mut child = Command::new(PROGRAM)
        .args(["run-model", "--memory-bytes", "8000000000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (request, bytes) = photograph();
    let mut input = child.stdin.take().unwrap();
    let line = serde_json::to_string(&request).unwrap();
    std::io::Write::write_all(&mut input, format!("{line}\n").as_bytes()).unwrap();
    std::io::Write::write_all(&mut input, &bytes).unwrap();
    drop(input);
    let deadline = Instant::now() + LONG;
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it still runs");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_file_that_is_none_is_told_and_the_helper_lives_on() {
    let mut helper = Helper::start(Some(PROGRAM.into()), 0).unwrap();
    let missing = Request::Inspect {
        files: vec!["/nowhere/model.onnx".into()],
        spec: None,
    };
    let words = words(helper.ask(&missing, &[], LONG).await.unwrap_err());
    assert!(words.contains("file"), "{words}");
    assert!(!helper.has_ended());
    let none = Request::Inspect {
        files: Vec::new(),
        spec: None,
    };
    let (report, _) = helper.ask(&none, &[], LONG).await.unwrap();
    assert_eq!(report["ok"], false);
}
