//! Work shared out to threads.

use tract_linalg::multithread::{Executor, set_default_executor};

/// From here on the nodes of every model are shared out to the threads of rayon's global pool. Every
/// number stays what it was with one thread.
pub fn use_threads() {
    set_default_executor(Executor::RayonGlobal);
}
