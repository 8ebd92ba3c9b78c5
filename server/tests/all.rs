//! All integration tests of the server.

#[path = "all/s3.rs"]
mod s3;
#[path = "all/s3_weed.rs"]
mod s3_weed;
