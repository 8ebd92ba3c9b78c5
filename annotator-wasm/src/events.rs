//! Events as the crate `surface` writes them.

use visionflow_engine::{AssistPhase, Engine, EngineEvent, SaveState};
use visionflow_surface::{
    AnnotatorEvent as Js, AssistPhaseName, AssistState, Figure, Peer, SaveStateName,
    SuggestionCount, TextToEdit, ToolName,
};
use visionflow_tools::{Measure, TextEntry};

/// What JavaScript hears of an event. Comments are the workbench's, which has rows beside them.
pub fn event(engine: &Engine, event: &EngineEvent) -> Option<Js> {
    Some(match event {
        EngineEvent::Said(_) | EngineEvent::Pinned(_) => return None,
        EngineEvent::Annotations(change) => Js::Change {
            added: change.added.clone(),
            updated: change.updated.clone(),
            removed: change.removed.clone(),
        },
        EngineEvent::Selection => Js::Selection {
            ids: engine.selection(),
        },
        EngineEvent::Suggestions => Js::Suggestions {
            counts: SuggestionCount::list(engine.suggestion_counts()),
            shown: engine.shown_suggestions(),
            picked: engine.picked_suggestion(),
        },
        EngineEvent::Hover => Js::Hover { id: engine.hover() },
        EngineEvent::Tool(tool) => Js::Tool {
            tool: ToolName(*tool),
        },
        EngineEvent::Presence => Js::Presence {
            peers: peers(engine),
        },
        EngineEvent::SaveState(state) => Js::SaveState {
            state: save_state(*state),
            edits: state.pending_edits(),
        },
        EngineEvent::Pointer(point) => Js::Pointer {
            x: point.map(|p| p.x),
            y: point.map(|p| p.y),
        },
        EngineEvent::Camera => Js::Camera {
            scale: engine.camera_scale(),
        },
        EngineEvent::History => Js::History {
            can_undo: engine.can_undo(),
            can_redo: engine.can_redo(),
        },
        EngineEvent::Hint(hint) => Js::Hint {
            hint: hint.key().to_owned(),
        },
        EngineEvent::Notice(detail) => Js::Notice {
            detail: detail.clone(),
        },
        EngineEvent::ToolNotice(notice) => Js::Notice {
            detail: notice.key().to_owned(),
        },
        EngineEvent::Settings => Js::Settings,
        EngineEvent::Text => engine
            .text_entry()
            .map_or(Js::EditTextEnd, |entry| Js::EditText(text(entry))),
        EngineEvent::Assist => Js::Assist(assist(engine)),
        EngineEvent::Measures => Js::Measures {
            figures: engine.measures().into_iter().map(figure).collect(),
        },
        EngineEvent::Ontology(version) => Js::Ontology { version: *version },
        EngineEvent::Role { .. } | EngineEvent::Past => Js::Role {
            can_edit: engine.may_edit(),
        },
        EngineEvent::Refused { detail } => Js::Refused {
            detail: detail.clone(),
        },
        EngineEvent::ItemDeleted => Js::ItemDeleted,
        EngineEvent::ItemRestored => Js::ItemRestored,
        EngineEvent::RoomNotFound => Js::RoomNotFound,
        EngineEvent::Unauthenticated => Js::Unauthenticated,
        EngineEvent::DeviceLost => Js::DeviceLost,
        EngineEvent::DeviceRestored => Js::DeviceRestored,
    })
}

/// The event's `type`.
pub fn name(event: &Js) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value["type"].as_str().unwrap_or_default().to_owned()
}

pub fn peers(engine: &Engine) -> Vec<Peer> {
    let peer = |peer: visionflow_engine::Peer| Peer {
        client_id: peer.client_id.to_string(),
        user: peer.presence.user,
        cursor: peer.presence.cursor,
        selection: peer.presence.selection,
    };
    engine.peers().into_iter().map(peer).collect()
}

pub fn assist(engine: &Engine) -> AssistState {
    let smart = engine.smart();
    let mut state = AssistState {
        prompts: smart.prompts,
        alternatives: smart.alternatives,
        alternative: smart.alternative,
        waiting: smart.is_waiting,
        removes: smart.removes,
        refines: smart.refines,
        proposals: smart.proposals,
        ..AssistState::default()
    };
    state.phase = match engine.assist() {
        AssistPhase::Off => AssistPhaseName::Off,
        AssistPhase::Idle => AssistPhaseName::Idle,
        AssistPhase::Loading { received, total } => {
            (state.received, state.total) = (received, total);
            AssistPhaseName::Loading
        }
        AssistPhase::ZoomOut => AssistPhaseName::ZoomOut,
        AssistPhase::Encoding | AssistPhase::EncodingElsewhere => AssistPhaseName::Encoding,
        AssistPhase::Ready => AssistPhaseName::Ready,
        AssistPhase::Failed(reason) => {
            state.reason = Some(reason);
            AssistPhaseName::Failed
        }
    };
    state
}

fn text(entry: TextEntry) -> TextToEdit {
    let TextEntry { annotation, text } = entry;
    TextToEdit {
        id: annotation,
        xywh: [
            text.rect.min.x,
            text.rect.min.y,
            text.rect.width(),
            text.rect.height(),
        ],
        text: text.text,
        size: text.size,
        bold: text.bold,
        align: text.align,
    }
}

fn figure(measure: Measure) -> Figure {
    Figure {
        at: measure.at,
        text: measure.text,
    }
}

fn save_state(state: SaveState) -> SaveStateName {
    match state {
        SaveState::Local => SaveStateName::Local,
        SaveState::Opening => SaveStateName::Opening,
        SaveState::Saved => SaveStateName::Saved,
        SaveState::Saving { .. } => SaveStateName::Saving,
        SaveState::Offline { .. } => SaveStateName::Offline,
        SaveState::ReadOnly => SaveStateName::ReadOnly,
    }
}
