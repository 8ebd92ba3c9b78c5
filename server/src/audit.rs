//! Significant events, written into the audit log.
