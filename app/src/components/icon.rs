//! Icons: Lucide's SVGs, embedded. They are decoration; the control around them has the name.

use yew::prelude::*;

/// One icon's markup; only the constants below make one, so it is never a person's text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Icon(&'static str);

macro_rules! icon {
    ($name:ident, $file:literal) => {
        pub const $name: Icon = Icon(include_str!(concat!("../../icons/", $file, ".svg")));
    };
}

icon!(MOUSE_POINTER_2, "mouse-pointer-2");
icon!(SQUARE, "square");
icon!(PENTAGON, "pentagon");
icon!(HAND, "hand");
icon!(UNDO_2, "undo-2");
icon!(HISTORY, "history");
icon!(BOOKMARK, "bookmark");
icon!(PENCIL, "pencil");
icon!(REDO_2, "redo-2");
icon!(ZOOM_IN, "zoom-in");
icon!(ZOOM_OUT, "zoom-out");
icon!(MAXIMIZE, "maximize");
icon!(SUN, "sun");
icon!(MOON, "moon");
icon!(SEARCH, "search");
icon!(UPLOAD, "upload");
icon!(FOLDER_UP, "folder-up");
icon!(IMAGE, "image");
icon!(IMAGES, "images");
icon!(TRASH_2, "trash-2");
icon!(ROTATE_CCW, "rotate-ccw");
icon!(SETTINGS, "settings");
icon!(PLUS, "plus");
icon!(X, "x");
icon!(CHECK, "check");
icon!(CHEVRON_DOWN, "chevron-down");
icon!(CHEVRON_LEFT, "chevron-left");
icon!(CHEVRON_RIGHT, "chevron-right");
icon!(CHEVRON_UP, "chevron-up");
icon!(EYE, "eye");
icon!(EYE_OFF, "eye-off");
icon!(TAGS, "tags");
icon!(USERS, "users");
icon!(USER_PLUS, "user-plus");
icon!(LINK, "link");
icon!(COPY, "copy");
icon!(DOWNLOAD, "download");
icon!(LOG_OUT, "log-out");
icon!(KEYBOARD, "keyboard");
icon!(COMMAND, "command");
icon!(CLOUD_OFF, "cloud-off");
icon!(CLOUD_UPLOAD, "cloud-upload");
icon!(LOADER_CIRCLE, "loader-circle");
icon!(CIRCLE_ALERT, "circle-alert");
icon!(TRIANGLE_ALERT, "triangle-alert");
icon!(LOCK, "lock");
icon!(PANEL_RIGHT_CLOSE, "panel-right-close");
icon!(PANEL_RIGHT_OPEN, "panel-right-open");
icon!(PANEL_BOTTOM_CLOSE, "panel-bottom-close");
icon!(PANEL_BOTTOM_OPEN, "panel-bottom-open");
icon!(ARCHIVE, "archive");
icon!(ARCHIVE_RESTORE, "archive-restore");
icon!(KEY_ROUND, "key-round");
icon!(ARROW_LEFT, "arrow-left");
icon!(REFRESH_CW, "refresh-cw");
icon!(CIRCLE_CHECK, "circle-check");
icon!(SHAPES, "shapes");
icon!(FILE_ARCHIVE, "file-archive");
icon!(ARROW_UP, "arrow-up");
icon!(ARROW_DOWN, "arrow-down");
icon!(BRIEFCASE, "briefcase");
icon!(SCAN, "scan");
icon!(DIAMOND, "diamond");
icon!(CIRCLE, "circle");
icon!(MOVE_UP_RIGHT, "move-up-right");
icon!(TYPE, "type");
icon!(BOX, "box");
icon!(BRUSH, "brush");
icon!(ERASER, "eraser");
icon!(WAND_SPARKLES, "wand-sparkles");
icon!(SPARKLES, "sparkles");
icon!(MINUS, "minus");
icon!(SCISSORS, "scissors");
icon!(PERSON_STANDING, "person-standing");
icon!(SLICE, "slice");
icon!(LASSO, "lasso");
icon!(RULER, "ruler");
icon!(CONTRAST, "contrast");
icon!(SLIDERS_HORIZONTAL, "sliders-horizontal");
icon!(PALETTE, "palette");
icon!(FUNNEL, "funnel");
icon!(LOCK_OPEN, "lock-open");
icon!(BOLD, "bold");
icon!(TEXT_ALIGN_START, "text-align-start");
icon!(TEXT_ALIGN_CENTER, "text-align-center");
icon!(TEXT_ALIGN_END, "text-align-end");
icon!(TAG, "tag");
icon!(CIRCLE_DOT, "circle-dot");
icon!(SQUARE_DASHED_MOUSE_POINTER, "square-dashed-mouse-pointer");
icon!(LINE_SQUIGGLE, "line-squiggle");
icon!(ARROW_DOWN_A_Z, "arrow-down-a-z");
icon!(WAYPOINTS, "waypoints");
icon!(MESSAGE_SQUARE, "message-square");
icon!(MESSAGE_SQUARE_PLUS, "message-square-plus");
icon!(BELL, "bell");
icon!(SEND, "send");

impl Icon {
    pub fn html(self) -> Html {
        Html::from_html_unchecked(AttrValue::Static(self.0.trim_ascii_end()))
    }
}

impl From<Icon> for Html {
    fn from(icon: Icon) -> Self {
        icon.html()
    }
}
