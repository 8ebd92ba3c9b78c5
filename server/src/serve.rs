//! `visionflow serve`: starts the parts, serves, and stops them in order.
