//! The declarations of everything that JavaScript sees, in alphabetical order.

use crate::{
    AnnotationPatch, AnnotationValue, AnnotatorEvent, AssistFiles, Connection, DetectOptions,
    EngineMount, NewAnnotation, NewSuggestion, SmartAction, SuggestOptions, SuggestionFilter,
    SuggestionValue, ViewOptions,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};
use visionflow_commands::{Clipboard, Command};
use visionflow_model::Ontology;
use visionflow_tools::ToolSettings;

/// A TypeScript file with all types.
pub fn declarations() -> String {
    let mut all = Declarations {
        config: Config::new().with_large_int("number"),
        by_name: BTreeMap::new(),
    };
    all.add::<AnnotationValue>();
    all.add::<NewAnnotation>();
    all.add::<AnnotationPatch>();
    all.add::<SuggestionValue>();
    all.add::<NewSuggestion>();
    all.add::<SuggestOptions>();
    all.add::<SuggestionFilter>();
    all.add::<AnnotatorEvent>();
    all.add::<AssistFiles>();
    all.add::<DetectOptions>();
    all.add::<SmartAction>();
    all.add::<Connection>();
    all.add::<EngineMount>();
    all.add::<Ontology>();
    all.add::<Command>();
    all.add::<Clipboard>();
    all.add::<ToolSettings>();
    all.add::<ViewOptions>();
    let mut text = String::from(
        "// Generated from the Rust types by `cargo xtask generate`; change them there.\n",
    );
    for declaration in all.by_name.values() {
        let _ = write!(text, "\n{declaration}\n");
    }
    text
}

struct Declarations {
    config: Config,
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        // Only types with a file of their own have a name to declare.
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.by_name.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(&self.config));
            self.by_name.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}
