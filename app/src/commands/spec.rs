//! Every command there is, by name.

use super::{Section, Spec};

macro_rules! specs {
    ($($name:ident = $id:literal, $section:ident, [$($key:literal),*] $(, $canvas:tt)?;)*) => {
        $(pub const $name: Spec = Spec { id: $id, section: Section::$section, keys: &[$($key),*], on_canvas: specs!(@flag $($canvas)?) };)*
        /// All of them, in the order of the sheet.
        pub const ALL: &[Spec] = &[$($name),*];
    };
    (@flag) => { false };
    (@flag canvas) => { true };
}

specs! {
    TOOL_SELECT = "command-tool-select", Tools, ["v"];
    TOOL_LASSO = "command-tool-lasso", Tools, ["q"];
    TOOL_BOX = "command-tool-box", Tools, ["b"];
    TOOL_ROTATED_BOX = "command-tool-rotated-box", Tools, ["r"];
    TOOL_ELLIPSE = "command-tool-ellipse", Tools, ["e"];
    TOOL_POLYGON = "command-tool-polygon", Tools, ["p"];
    TOOL_CUBOID = "command-tool-cuboid", Tools, ["k"];
    TOOL_POLYLINE = "command-tool-polyline", Tools, ["l"];
    TOOL_POINT = "command-tool-point", Tools, ["d"];
    TOOL_PATH = "command-tool-path", Tools, ["f"];
    TOOL_ARROW = "command-tool-arrow", Tools, ["a"];
    TOOL_TEXT = "command-tool-text", Tools, ["t"];
    TOOL_BRUSH = "command-tool-brush", Tools, ["g"];
    TOOL_ERASER = "command-tool-eraser", Tools, ["Shift+g"];
    TOOL_WAND = "command-tool-wand", Tools, ["w"];
    TOOL_SCISSORS = "command-tool-scissors", Tools, ["i"];
    TOOL_SKELETON = "command-tool-skeleton", Tools, ["j"];
    TOOL_SLICE = "command-tool-slice", Tools, ["x"];
    TOOL_MEASURE = "command-tool-measure", Tools, ["m"];
    TOOL_PAN = "command-tool-pan", Tools, ["h"];
    BRUSH_SMALLER = "command-brush-smaller", Tools, ["["];
    BRUSH_LARGER = "command-brush-larger", Tools, ["]"];
    TOGGLE_SNAP = "command-toggle-snap", Tools, ["Shift+s"];
    TOGGLE_PANOPTIC = "command-toggle-panoptic", Tools, [];
    CANCEL = "command-cancel", Tools, ["Escape"], canvas;
    FINISH = "command-finish", Tools, ["Enter"], canvas;
    PAN_HOLD = "command-pan-hold", Tools, ["Space"], canvas;
    UNDO = "command-undo", Edit, ["Mod+z"];
    REDO = "command-redo", Edit, ["Mod+Shift+z", "Mod+y"];
    CUT = "command-cut", Edit, ["Mod+x"];
    COPY = "command-copy", Edit, ["Mod+c"];
    PASTE = "command-paste", Edit, ["Mod+v"];
    DUPLICATE = "command-duplicate", Edit, ["Mod+d"];
    DELETE = "command-delete", Edit, ["Delete", "Backspace"], canvas;
    SELECT_ALL = "command-select-all", Edit, ["Mod+a"], canvas;
    SELECT_SAME_LABEL = "command-select-same-label", Edit, ["Alt+l"];
    NEXT_MISSING = "command-next-missing", Edit, ["Alt+m"];
    NUDGE = "command-nudge", Edit, ["ArrowLeft"], canvas;
    NUDGE_MORE = "command-nudge-more", Edit, ["Shift+ArrowLeft"], canvas;
    LOCK = "command-lock", Edit, ["Mod+Shift+l"];
    UNLOCK = "command-unlock", Edit, [];
    UNLOCK_ALL = "command-unlock-all", Edit, [];
    ROTATE_RIGHT = "command-rotate-right", Arrange, ["Shift+r"];
    ROTATE_LEFT = "command-rotate-left", Arrange, ["Shift+Alt+r"];
    FLIP_HORIZONTAL = "command-flip-horizontal", Arrange, ["Shift+h"];
    FLIP_VERTICAL = "command-flip-vertical", Arrange, ["Shift+v"];
    BRING_TO_FRONT = "command-bring-to-front", Arrange, ["Mod+Alt+]"];
    BRING_FORWARD = "command-bring-forward", Arrange, ["Mod+]"];
    SEND_BACKWARD = "command-send-backward", Arrange, ["Mod+["];
    SEND_TO_BACK = "command-send-to-back", Arrange, ["Mod+Alt+["];
    GROUP = "command-group", Arrange, ["Mod+g"];
    UNGROUP = "command-ungroup", Arrange, ["Mod+Shift+g"];
    ALIGN_LEFT = "command-align-left", Arrange, ["Alt+a"];
    ALIGN_CENTER = "command-align-center", Arrange, ["Alt+h"];
    ALIGN_RIGHT = "command-align-right", Arrange, ["Alt+d"];
    ALIGN_TOP = "command-align-top", Arrange, ["Alt+w"];
    ALIGN_MIDDLE = "command-align-middle", Arrange, ["Alt+v"];
    ALIGN_BOTTOM = "command-align-bottom", Arrange, ["Alt+s"];
    DISTRIBUTE_HORIZONTAL = "command-distribute-horizontal", Arrange, [];
    DISTRIBUTE_VERTICAL = "command-distribute-vertical", Arrange, [];
    JOIN = "command-join", Shapes, ["Alt+j"];
    SUBTRACT = "command-subtract", Shapes, ["Alt+Shift+j"];
    INTERSECT = "command-intersect", Shapes, [];
    SIMPLIFY = "command-simplify", Shapes, [];
    FILL_HOLES = "command-fill-holes", Shapes, [];
    CONVERT_BOX = "command-convert-box", Shapes, [];
    CONVERT_ROTATED_BOX = "command-convert-rotated-box", Shapes, [];
    CONVERT_ELLIPSE = "command-convert-ellipse", Shapes, [];
    CONVERT_POLYGON = "command-convert-polygon", Shapes, [];
    CONVERT_POLYLINE = "command-convert-polyline", Shapes, [];
    CONVERT_MASK = "command-convert-mask", Shapes, [];
    CONVERT_POINT = "command-convert-point", Shapes, [];
    HIDE = "command-hide", View, ["Mod+Shift+h"];
    SHOW_ALL = "command-show-all", View, ["Alt+Shift+h"];
    ZOOM_IN = "command-zoom-in", View, ["Plus", "="];
    ZOOM_OUT = "command-zoom-out", View, ["-"];
    ZOOM_FIT = "command-zoom-fit", View, ["Shift+1"];
    ZOOM_ACTUAL = "command-zoom-actual", View, ["Shift+0"];
    ZOOM_SELECTION = "command-zoom-selection", View, ["z", "Shift+2"];
    VIEW_GRID = "command-view-grid", View, ["Alt+g"];
    VIEW_CROSSHAIR = "command-view-crosshair", View, ["Alt+x"];
    VIEW_NAMES = "command-view-names", View, ["Alt+n"];
    VIEW_OUTLINE = "command-view-outline", View, ["Alt+o"];
    VIEW_INVERT = "command-view-invert", View, ["Alt+i"];
    VIEW_RESET = "command-view-reset", View, ["Alt+r"];
    TOGGLE_PANEL = "command-toggle-panel", View, ["Mod+\\"];
    TOGGLE_FILMSTRIP = "command-toggle-filmstrip", View, ["Mod+;"];
    TOGGLE_THEME = "command-toggle-theme", View, [];
    NEXT = "command-next", Photographs, [".", "PageDown"];
    PREVIOUS = "command-previous", Photographs, [",", "PageUp"];
    UPLOAD = "command-upload", Photographs, ["u"];
    EXPORT = "command-export", Photographs, ["Mod+e"];
    SEARCH = "command-search", Photographs, ["/"];
    NEW_PROJECT = "command-new-project", Go, ["n"];
    GO_PROJECTS = "command-go-projects", Go, [];
    GO_GALLERY = "command-go-gallery", Go, ["Alt+ArrowUp"];
    GO_SETTINGS = "command-go-settings", Go, [];
    PALETTE = "command-palette", Go, ["Mod+k"];
    SHORTCUTS = "command-shortcuts", Go, ["?"];
    KEY_SETTINGS = "command-key-settings", Go, [];
    SIGN_OUT = "command-sign-out", Go, [];
}
