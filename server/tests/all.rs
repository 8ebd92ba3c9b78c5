//! All integration tests of the server.
