//! Health, metrics, logs and the layers around every request.
