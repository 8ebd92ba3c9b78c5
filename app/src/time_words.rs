//! Moments as people say them, relative to now.

use crate::t;
use visionflow_api::OffsetDateTime;

/// “just now”, “5 minutes ago”, “3 days ago”.
pub fn ago(moment: OffsetDateTime) -> String {
    let now = (js_sys::Date::now() / 1000.0) as i64;
    let secs = (now - moment.unix_timestamp()).max(0);
    match secs {
        0..60 => t!("time-now"),
        60..3_600 => t!("time-minutes", n = secs / 60),
        3_600..86_400 => t!("time-hours", n = secs / 3_600),
        _ => t!("time-days", n = secs / 86_400),
    }
}

/// “in 7 days”.
pub fn until(moment: OffsetDateTime) -> String {
    let now = (js_sys::Date::now() / 1000.0) as i64;
    let secs = (moment.unix_timestamp() - now).max(0);
    if secs < 86_400 {
        t!("time-in-hours", n = (secs / 3_600).max(1))
    } else {
        t!("time-in-days", n = secs / 86_400)
    }
}

/// “820 KB”, “4.2 MB”.
pub fn size(bytes: f64) -> String {
    const KB: f64 = 1_000.0;
    if bytes < KB {
        format!("{bytes:.0} B")
    } else if bytes < KB * KB {
        format!("{:.0} KB", bytes / KB)
    } else if bytes < KB * KB * KB {
        format!("{:.1} MB", bytes / KB / KB)
    } else {
        format!("{:.1} GB", bytes / KB / KB / KB)
    }
}
