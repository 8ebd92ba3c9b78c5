//! Background jobs.

use crate::App;
use crate::store::Store;

#[derive(Clone)]
pub struct Jobs;

impl Jobs {
    pub fn new(_store: Store) -> Self {
        Self
    }

    /// Starts the workers of this process.
    pub async fn start(&self, _app: App) -> anyhow::Result<()> {
        Ok(())
    }

    /// Lets running jobs come to a safe point and stops.
    pub async fn shutdown(&self) {}
}
