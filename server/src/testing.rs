//! The `TestApp`: a real server on a real Postgres, for tests.
