//! How long this device and a server take for a photograph, and so which of the two looks at it.

use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A device that takes longer for a photograph is slow, seconds.
const SLOW_SECS: f64 = 8.0;

thread_local! {
    /// What was measured since the page was loaded, and what its host remembered from before.
    static SPEEDS: RefCell<Speeds> = RefCell::default();
}

/// What was measured of one encoder, by one build of the module on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Speed {
    /// Seconds for a photograph, the shortest so far: what else the machine does only ever adds.
    pub here: Option<f64>,
    /// The same by this device's graphics processor, where it sees what the module sees.
    pub gpu: Option<f64>,
    /// The same by the server, with the way there and back.
    pub elsewhere: Option<f64>,
    /// Its worker came to harm over a photograph, and has not looked at one since.
    pub fails_here: bool,
}

/// By the build and the encoder's SHA-256.
pub type Speeds = BTreeMap<String, Speed>;

/// Who looked at a photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub is_elsewhere: bool,
    /// This device's graphics processor did.
    pub is_by_gpu: bool,
    /// How long it took; none where that was done before.
    pub seconds: Option<f64>,
}

/// What came of trying the graphics processor on the first photograph.
#[derive(Clone, Debug, PartialEq)]
pub enum GpuTrial {
    /// Both see the same; the quicker one looks from then on.
    Measured {
        seconds: f64,
        cpu_seconds: f64,
        is_used: bool,
    },
    /// Why it does not look.
    Failed(String),
}

/// For the person who waits for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssistSpeed {
    /// At the photograph on the canvas.
    pub look: Option<Look>,
    /// Of the module that runs here: `threads`, `relaxed` or `plain`; empty while none does.
    pub build: String,
    /// So many threads it has.
    pub threads: u32,
    /// Why it has one only, where it should have had more.
    pub threads_refused: Option<String>,
    pub speed: Speed,
    /// None where there is no graphics processor, or it was not tried yet.
    pub gpu: Option<GpuTrial>,
    /// A server looks at what is opened next.
    pub is_left_to_server: bool,
}

/// What figures are about.
pub struct Module {
    pub build: String,
    pub threads: u32,
    /// Why there is one thread only, where more were tried.
    pub refused: Option<String>,
    /// Its SHA-256; empty where nobody has stated it.
    pub encoder: String,
}

impl Module {
    fn name(&self) -> String {
        format!("{}/{}", self.build, self.encoder)
    }

    pub fn speed(&self) -> Speed {
        let name = self.name();
        SPEEDS.with_borrow(|speeds| speeds.get(&name).copied().unwrap_or_default())
    }

    pub fn note(&self, change: impl FnOnce(&mut Speed)) {
        SPEEDS.with_borrow_mut(|speeds| change(speeds.entry(self.name()).or_default()));
    }
}

impl Speed {
    pub fn note_look(&mut self, look: Look) {
        let Some(seconds) = look.seconds else { return };
        let figure = if look.is_elsewhere {
            &mut self.elsewhere
        } else if look.is_by_gpu {
            &mut self.gpu
        } else {
            self.fails_here = false;
            &mut self.here
        };
        *figure = Some(figure.map_or(seconds, |before| before.min(seconds)));
    }

    pub fn note_trial(&mut self, trial: &GpuTrial) {
        self.gpu = match trial {
            GpuTrial::Measured { seconds, .. } => {
                Some(self.gpu.map_or(*seconds, |before| before.min(*seconds)))
            }
            GpuTrial::Failed(_) => None,
        };
    }

    /// What this device takes by whichever of its processors is quicker.
    fn quickest_here(&self) -> Option<f64> {
        let quicker = |here: f64| self.gpu.map_or(here, |gpu| here.min(gpu));
        self.here.map(quicker)
    }

    /// Whether a server should look: the device cannot, or is slow and the slower of the two.
    pub fn asks_for_help(&self) -> bool {
        let is_slower = |here: f64| self.elsewhere.is_none_or(|elsewhere| elsewhere < here);
        let slow = self.quickest_here().filter(|here| *here > SLOW_SECS);
        self.fails_here || slow.is_some_and(is_slower)
    }
}

impl super::Engine {
    /// What the host has kept from an earlier visit; what was measured since counts more.
    pub fn recall_speeds(&self, kept: Speeds) {
        SPEEDS.with_borrow_mut(|speeds| {
            for (name, speed) in kept {
                speeds.entry(name).or_insert(speed);
            }
        });
    }

    /// What was measured on this machine, for the host to keep.
    pub fn speeds(&self) -> Speeds {
        SPEEDS.with_borrow(Clone::clone)
    }

    /// Who looks at photographs, and how quickly.
    pub fn assist_speed(&self) -> AssistSpeed {
        self.0.read(|state| {
            let assist = &state.assist;
            let module = assist.module.as_ref();
            let key = assist.key.as_ref();
            let look = assist.encoded.iter().find(|(known, _)| Some(known) == key);
            AssistSpeed {
                look: look.map(|(_, look)| *look),
                build: module
                    .map(|module| module.build.clone())
                    .unwrap_or_default(),
                threads: module.map_or(0, |module| module.threads),
                threads_refused: module.and_then(|module| module.refused.clone()),
                speed: module.map(Module::speed).unwrap_or_default(),
                gpu: assist.gpu.clone(),
                is_left_to_server: assist.is_left_to_server(),
            }
        })
    }
}
