//! Counting the tests of programs that we only see the output of.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    /// A check that is one test by itself.
    pub fn one() -> Self {
        Self {
            passed: 1,
            failed: 0,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs a test program, shows what it prints, and adds up its summaries.
///
/// A program that fails without having counted a failure (it did not compile) is an error.
pub fn run_counted(command: &mut Command) -> Result<Counts> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let output = child.stdout.take().context("the output was asked for")?;
    let mut counts = Counts::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        counts.add(counts_in(&line));
        println!("{line}");
        std::io::stdout().flush()?;
    }
    let status = child.wait()?;
    if !status.success() && counts.failed == 0 {
        bail!("{program} failed ({status}) before it counted");
    }
    Ok(counts)
}

/// What one line says: libtest's `test result: ok. 3 passed; 0 failed; …`, Playwright's `  3 passed (2s)`,
/// node's `# pass 3`.
fn counts_in(line: &str) -> Counts {
    let words: Vec<&str> = line
        .trim()
        .split([' ', ';', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let count = |word: &str| word.parse::<u64>().unwrap_or(0);
    let passed = |passed| Counts { passed, failed: 0 };
    let failed = |failed| Counts { passed: 0, failed };
    match words.as_slice() {
        ["test", "result:", rest @ ..] => {
            let before = |name: &str| {
                let pair = rest.windows(2).find(|pair| pair[1] == name);
                pair.map_or(0, |pair| count(pair[0]))
            };
            Counts {
                passed: before("passed"),
                failed: before("failed"),
            }
        }
        [number, "passed", more @ ..] if more.first().is_none_or(|word| word.starts_with('(')) => {
            passed(count(number))
        }
        ["#" | "ℹ", "pass", number] => passed(count(number)),
        [number, "failed"] | [number, "did", "not", "run"] | ["#" | "ℹ", "fail", number] => {
            failed(count(number))
        }
        _ => Counts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, counts_in};

    fn check(line: &str, passed: u64, failed: u64) {
        assert_eq!(counts_in(line), Counts { passed, failed }, "{line}");
    }

    #[test]
    fn summaries() {
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            12,
            0,
        );
        check(
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured",
            10,
            2,
        );
        check("  14 passed (1.2m)", 14, 0);
        check("  3 failed", 0, 3);
        check("  2 did not run", 0, 2);
        check("# pass 4", 4, 0);
        check("# fail 1", 0, 1);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("test geometry::area ... ok", 0, 0);
        check("all passed", 0, 0);
        check("    [webgpu] › draw.spec.ts:3:1 › draws", 0, 0);
    }
}
