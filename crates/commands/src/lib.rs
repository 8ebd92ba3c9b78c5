//! What is done to a selection, planned as edits: pure functions over a document.
