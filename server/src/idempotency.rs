//! `Idempotency-Key`: a creation repeated with its key answers as the first time.
