//! Identifiers as types of their own, so that a label's id never passes for an annotation's.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// One annotation of one item; made by whoever draws it.
    AnnotationId
);
id!(
    /// One label (class) of a project's ontology.
    LabelId
);
id!(
    /// One attribute of a label.
    AttributeId
);
id!(
    /// Annotations that are selected and moved together.
    GroupId
);
id!(
    /// One model of a project's registry.
    ModelId
);
id!(
    /// What a model proposed together.
    RunId
);
