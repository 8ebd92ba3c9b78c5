//! Events as plain objects; their TypeScript type is `AnnotatorEvent`.

use crate::EngineEvent;
use serde_json::{Value, json};

pub fn json(event: &EngineEvent) -> Value {
    match event {
        EngineEvent::Annotations(change) => json!({
            "type": "annotations",
            "added": change.added,
            "updated": change.updated,
            "removed": change.removed,
        }),
        EngineEvent::Selection => kind("selection"),
        EngineEvent::Hover => kind("hover"),
        EngineEvent::Tool(tool) => {
            json!({ "type": "tool", "tool": tool.name() })
        }
        EngineEvent::Presence => kind("presence"),
        EngineEvent::SaveState(state) => json!({
            "type": "saveState",
            "state": state.name(),
            "edits": state.pending_edits(),
        }),
        EngineEvent::Pointer(point) => json!({
            "type": "pointer",
            "x": point.map(|p| p.x),
            "y": point.map(|p| p.y),
        }),
        EngineEvent::Camera => kind("camera"),
        EngineEvent::Ontology(version) => json!({ "type": "ontology", "version": version }),
        EngineEvent::ItemDeleted => kind("itemDeleted"),
        EngineEvent::ItemRestored => kind("itemRestored"),
        EngineEvent::RoomNotFound => kind("roomNotFound"),
        EngineEvent::Unauthenticated => kind("unauthenticated"),
        EngineEvent::Role { can_edit } => json!({ "type": "role", "canEdit": can_edit }),
        EngineEvent::Refused { detail } => json!({ "type": "refused", "detail": detail }),
        EngineEvent::Notice(detail) => json!({ "type": "notice", "detail": detail }),
        EngineEvent::ToolNotice(notice) => json!({ "type": "notice", "detail": notice.key() }),
        EngineEvent::Hint(_) => kind("hint"),
        EngineEvent::History => kind("history"),
        EngineEvent::DeviceLost => kind("deviceLost"),
        EngineEvent::DeviceRestored => kind("deviceRestored"),
    }
}

fn kind(name: &str) -> Value {
    json!({ "type": name })
}
