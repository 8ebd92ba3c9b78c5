//! What a person has set for the tools and for how the photograph is shown, kept in this browser.

use super::smart::{EncodeChoice, use_encode_choice};
use crate::browser;
use crate::session::use_session;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use visionflow_engine::{Channel, Engine, EngineEvent, ImageLook, ToolSettings, ViewOptions};
use yew::prelude::*;

/// How the photograph and what lies over it are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that any other may go with"
)]
pub struct ViewSettings {
    /// From -1 to 1; 0 changes nothing.
    pub brightness: f32,
    /// From -1 to 1; 0 changes nothing.
    pub contrast: f32,
    /// 1 changes nothing.
    pub gamma: f32,
    pub invert: bool,
    pub channel: ChannelName,
    /// The darkest and the brightest value shown, from 0 to 1 of what the photograph can hold.
    pub window: Option<(f32, f32)>,
    /// The distance of the grid's lines in image pixels.
    pub grid: Option<f64>,
    pub crosshair: bool,
    /// The label's name beside what is selected or hovered.
    pub names: bool,
    /// Shapes without their fill.
    pub outline: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    #[default]
    All,
    Red,
    Green,
    Blue,
    Grey,
}

impl ChannelName {
    pub const ALL: [Self; 5] = [Self::All, Self::Red, Self::Green, Self::Blue, Self::Grey];

    fn for_engine(self) -> Channel {
        match self {
            Self::All => Channel::All,
            Self::Red => Channel::Red,
            Self::Green => Channel::Green,
            Self::Blue => Channel::Blue,
            Self::Grey => Channel::Luma,
        }
    }

    /// The catalogue's key for its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "channel-all",
            Self::Red => "channel-red",
            Self::Green => "channel-green",
            Self::Blue => "channel-blue",
            Self::Grey => "channel-grey",
        }
    }
}

impl Default for ViewSettings {
    fn default() -> Self {
        Self {
            brightness: 0.0,
            contrast: 0.0,
            gamma: 1.0,
            invert: false,
            channel: ChannelName::All,
            window: None,
            grid: None,
            crosshair: false,
            names: true,
            outline: false,
        }
    }
}

impl ViewSettings {
    /// Whether the photograph is shown as it is and everything over it as usual.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    fn for_engine(&self) -> ViewOptions {
        // From a third to three times the distance from the middle grey.
        let contrast = 3.0_f32.powf(self.contrast);
        ViewOptions {
            look: ImageLook {
                brightness: self.brightness,
                contrast,
                gamma: self.gamma,
                invert: self.invert,
                channel: self.channel.for_engine(),
                window: self.window,
            },
            pixel_grid: self.grid.is_some(),
            grid: self.grid,
            crosshair: self.crosshair,
            names: self.names,
        }
    }
}

/// The settings and how to change them; the engine follows.
#[derive(Clone, PartialEq)]
pub struct Settings {
    pub tools: ToolSettings,
    pub view: ViewSettings,
    pub set_tools: Callback<ToolSettings>,
    pub set_view: Callback<ViewSettings>,
    /// Who looks at photographs for the smart tool.
    pub encoding: EncodeChoice,
}

/// Reads what this person has set before, and hands every change to the engine.
#[hook]
pub fn use_settings(engine: Option<&Engine>) -> Settings {
    let session = use_session();
    let owner = session.me().map(|me| me.id.to_string()).unwrap_or_default();
    let tools = use_state_eq(|| read::<ToolSettings>("tools", &owner).sanitized());
    // A photograph looks as it is until somebody changes that: only the rest is remembered.
    let view = use_state_eq(|| {
        let stored = read::<ViewSettings>("view", &owner);
        ViewSettings {
            grid: stored.grid,
            crosshair: stored.crosshair,
            names: stored.names,
            outline: stored.outline,
            ..ViewSettings::default()
        }
    });
    use_effect_with((engine.cloned(), *tools), |(engine, tools)| {
        if let Some(engine) = engine {
            engine.set_settings(*tools);
        }
    });
    use_effect_with((engine.cloned(), (*view).clone()), |(engine, view)| {
        if let Some(engine) = engine {
            engine.set_view_options(view.for_engine());
        }
    });
    {
        // Tools change settings too: the wand's tolerance by dragging, the brush's size by keys.
        let (tools, owner) = (tools.setter(), owner.clone());
        use_effect_with(engine.cloned(), move |engine| {
            let subscription = engine.clone().map(|engine| {
                let handle = engine.clone();
                engine.subscribe(Rc::new(move |event| {
                    if matches!(event, EngineEvent::Settings) {
                        write("tools", &owner, &handle.settings());
                        tools.set(handle.settings());
                    }
                }))
            });
            move || drop(subscription)
        });
    }
    let set_tools = {
        let (tools, owner) = (tools.setter(), owner.clone());
        use_callback(owner, move |value: ToolSettings, owner| {
            let value = value.sanitized();
            write("tools", owner, &value);
            tools.set(value);
        })
    };
    let set_view = {
        let view = view.setter();
        use_callback(owner, move |value: ViewSettings, owner| {
            write("view", owner, &value);
            view.set(value);
        })
    };
    let encoding = use_encode_choice(engine);
    Settings {
        tools: *tools,
        view: (*view).clone(),
        set_tools,
        set_view,
        encoding,
    }
}

fn read<T: Default + for<'de> Deserialize<'de>>(what: &str, owner: &str) -> T {
    let text = browser::stored(&format!("visionflow.{what}.{owner}"));
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn write<T: Serialize>(what: &str, owner: &str, value: &T) {
    if let Ok(text) = serde_json::to_string(value) {
        browser::store(&format!("visionflow.{what}.{owner}"), &text);
    }
}
