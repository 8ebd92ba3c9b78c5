//! The workbench's files.
