//! What can go wrong between a graph and its outputs.

/// Why a network is not run here; whoever asked runs it elsewhere then.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GpuError {
    #[error("there is no graphics adapter that computes: {0}")]
    NoAdapter(String),
    #[error("the only graphics adapter is software ({0})")]
    Software(String),
    #[error("the graphics adapter opens no device: {0}")]
    NoDevice(String),
    #[error("the operation {0} is not known to compute shaders")]
    Unsupported(String),
    #[error("{what} needs {needed}, and the graphics device has {most}")]
    Limit {
        what: &'static str,
        needed: u64,
        most: u64,
    },
    #[error("the graphics device refused: {0}")]
    Refused(String),
    #[error("the graphics device was lost: {0}")]
    Lost(String),
    #[error("an input of {needed} numbers was given {got}")]
    Input { needed: usize, got: usize },
}
