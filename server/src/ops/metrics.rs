//! Prometheus metrics of this process.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

const UPKEEP_EVERY: Duration = Duration::from_secs(1);

/// The process's one recorder.
pub struct Metrics(PrometheusHandle);

static INSTALLED: OnceLock<Metrics> = OnceLock::new();

impl Metrics {
    /// The recorder; installs it when first asked.
    pub fn installed() -> &'static Self {
        INSTALLED.get_or_init(|| {
            let buckets = [
                0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
            ];
            let recorder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &buckets)
                .expect("the list of buckets is not empty")
                .build_recorder();
            let handle = recorder.handle();
            // Another recorder may be installed by whoever embeds the server: then theirs counts.
            let _ = metrics::set_global_recorder(recorder);
            Self(handle)
        })
    }

    /// Counts what was measured into its buckets every now and then, as long as the runtime
    /// lives. Until then each sample is kept by itself, and not everybody has Prometheus ask for them.
    pub async fn keep_small(&self) {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            self.0.run_upkeep();
        }
    }

    /// In Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}
