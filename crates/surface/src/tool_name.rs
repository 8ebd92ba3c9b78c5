//! Tools by their names.

use serde::{Serialize, Serializer};
use visionflow_tools::ToolKind;

/// The name of a tool, as [`ToolKind::name`] has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToolName(pub ToolKind);

impl Serialize for ToolName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

#[cfg(feature = "ts")]
impl ts_rs::TS for ToolName {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "ToolName".to_owned()
    }

    fn inline(_: &ts_rs::Config) -> String {
        let names = ToolKind::ALL.map(|tool| format!("\"{}\"", tool.name()));
        names.join(" | ")
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type ToolName = {};", Self::inline(config))
    }

    fn decl_concrete(config: &ts_rs::Config) -> String {
        Self::decl(config)
    }

    fn output_path() -> Option<std::path::PathBuf> {
        Some("ToolName.ts".into())
    }
}
