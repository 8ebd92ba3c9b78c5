//! The device that tests compute on: Mesa's software, so that they are the same everywhere.

use visionflow_infer_gpu::{Admit, Gpu};

/// Opens the software adapter, or any other where there is none.
pub fn open() -> Gpu {
    pollster::block_on(Gpu::open(Admit::Software)).expect(
        "no graphics adapter: install Mesa's software Vulkan driver \
         (Debian and Ubuntu: apt-get install mesa-vulkan-drivers)",
    )
}
