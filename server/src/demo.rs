//! Placeholder of the demo.
