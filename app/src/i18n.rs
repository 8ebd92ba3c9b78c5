//! Texts: one Fluent catalogue, read by key.
//!
//! `t("key")` gives a text, `t!("key", n = 3)` one with values. A key that the catalogue lacks
//! shows itself, which a test and every eye finds. Values are set as text nodes by the caller,
//! so the bidirectional isolation marks that Fluent can add are off.

pub use fluent_bundle::FluentArgs;
use fluent_bundle::{FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("../locales/en.ftl");

thread_local! {
    static BUNDLE: FluentBundle<FluentResource> = bundle();
}

fn bundle() -> FluentBundle<FluentResource> {
    // What could be read of a faulty catalogue still serves.
    let resource = match FluentResource::try_new(ENGLISH.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut bundle = FluentBundle::new(vec![LanguageIdentifier::default()]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The text of `key`.
pub fn t(key: &str) -> String {
    format_text(key, None)
}

/// The text of `key` with values filled in; see the macro `t!`.
pub fn format_text(key: &str, args: Option<&FluentArgs>) -> String {
    BUNDLE.with(|bundle| {
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle
            .format_pattern(pattern, args, &mut Vec::new())
            .into_owned()
    })
}

/// `t!("greeting", name = "Ada")`.
#[macro_export]
macro_rules! t {
    ($key:expr $(, $name:ident = $value:expr)+ $(,)?) => {{
        let mut args = $crate::i18n::FluentArgs::new();
        $(args.set(stringify!($name), $value);)+
        $crate::i18n::format_text($key, Some(&args))
    }};
    ($key:expr) => { $crate::i18n::t($key) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_free_of_faults() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok());
    }

    #[test]
    fn every_key_that_the_code_names_exists() {
        let mut missing = Vec::new();
        visit(
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut missing,
        );
        assert!(missing.is_empty(), "not in en.ftl: {missing:?}");
    }

    fn visit(folder: &std::path::Path, missing: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                visit(&path, missing);
            } else if !path.ends_with("i18n.rs") {
                let code = std::fs::read_to_string(&path).unwrap();
                missing.extend(keys(&code).filter(|key| t(key) == *key).map(str::to_owned));
            }
        }
    }

    fn keys(code: &str) -> impl Iterator<Item = &str> {
        ["t(\"", "t!(\"", "t!(\n"]
            .into_iter()
            .flat_map(move |opening| {
                code.split(opening).skip(1).filter_map(|rest| {
                    let rest = rest.trim_start().trim_start_matches('"');
                    let key = rest.split('"').next()?;
                    let is_key = key.contains('-')
                        && !key.contains(|c: char| {
                            !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                        });
                    is_key.then_some(key)
                })
            })
    }
}
