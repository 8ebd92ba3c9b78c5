//! The parts that pages are built from; none knows a page or the API.

pub mod avatar;
pub mod button;
pub mod color_field;
pub mod command_palette;
pub mod context_menu;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod kbd;
pub mod key_settings;
pub mod menu;
pub mod progress;
pub mod resize;
pub mod shell;
pub mod shortcut_sheet;
pub mod slider;
pub mod state;
pub mod style_fields;
pub mod toast;
pub mod virtual_list;

pub use avatar::{Avatar, crowd};
pub use button::{Button, IconButton, Tone};
pub use dialog::Dialog;
pub use field::{Checkbox, Field, SelectField, TextInput, form_value};
pub use kbd::Keys;
pub use menu::{Menu, MenuItem};
pub use progress::ProgressBar;
pub use slider::Slider;
pub use state::{EmptyState, ErrorState, Skeleton, Spinner};
pub use toast::{Toast, Toasts};
