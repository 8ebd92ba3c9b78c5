//! A Vulkan driver that needs no graphics card (lavapipe), for golden images.

use std::fs;

use anyhow::{Context, Result};

use super::apt;

/// Makes sure that the native renderer finds an adapter; macOS always has Metal.
pub fn software_driver() -> Result<()> {
    if cfg!(target_os = "macos") || installed() {
        return Ok(());
    }
    apt::install(&["mesa-vulkan-drivers"])
        .context("golden images need a Vulkan driver: install mesa-vulkan-drivers (lavapipe)")
}

fn installed() -> bool {
    ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .iter()
        .any(|directory| {
            fs::read_dir(directory).is_ok_and(|mut entries| {
                entries.any(|entry| {
                    entry.is_ok_and(|entry| {
                        entry.file_name().to_string_lossy().starts_with("lvp_icd")
                    })
                })
            })
        })
}
