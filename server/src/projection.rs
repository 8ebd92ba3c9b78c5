//! Placeholder of the projection.
