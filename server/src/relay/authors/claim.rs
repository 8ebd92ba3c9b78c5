//! Reads the account out of an awareness state, and builds nothing else of it: every movement of
//! everyone's pointer is looked at.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use uuid::Uuid;

/// The UUID at `user.id`, if that is one; of fields that come twice the last counts, as in a
/// browser. An error where the state is not JSON from end to end.
pub(super) fn read(state: &str) -> serde_json::Result<Option<Uuid>> {
    let mut reader = serde_json::Deserializer::from_str(state);
    let claimed = Place::State.deserialize(&mut reader)?;
    reader.end()?;
    Ok(claimed)
}

/// Where in the state a value stands.
#[derive(Clone, Copy)]
enum Place {
    State,
    User,
    Id,
    Elsewhere,
}

impl Place {
    fn of_field(self, name: &str) -> Self {
        match (self, name) {
            (Self::State, "user") => Self::User,
            (Self::User, "id") => Self::Id,
            _ => Self::Elsewhere,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place {
    type Value = Option<Uuid>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place {
    type Value = Option<Uuid>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut claimed = None;
        while let Some(place) = fields.next_key_seed(Field(self))? {
            let found = fields.next_value_seed(place)?;
            if matches!(place, Self::User | Self::Id) {
                claimed = found;
            }
        }
        Ok(claimed)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element_seed(Self::Elsewhere)?.is_some() {}
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(match self {
            Self::Id => Uuid::parse_str(text).ok(),
            _ => None,
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// The name of a field at this place; read as the place of its value.
struct Field(Place);

impl<'de> DeserializeSeed<'de> for Field {
    type Value = Place;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Place, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Field {
    type Value = Place;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Place, E> {
        Ok(self.0.of_field(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// What stands there, by way of a tree of the whole state.
    fn of_a_tree(state: &str) -> serde_json::Result<Option<Uuid>> {
        let state: Value = serde_json::from_str(state)?;
        let id = state["user"]["id"].as_str();
        Ok(id.and_then(|id| Uuid::parse_str(id).ok()))
    }

    /// JSON of the names and values that matter, nested and repeated at random, and sometimes cut
    /// off or otherwise broken.
    fn states() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            any::<[u8; 16]>().prop_map(|id| format!("\"{}\"", Uuid::from_bytes(id))),
            prop::sample::select(vec![
                "null",
                "true",
                "-7",
                "7",
                "7.5e3",
                "1e999",
                r#""id""#,
                r#""\u0041""#,
                r#""\ud800""#,
                "{",
                "]",
            ])
            .prop_map(str::to_owned),
        ];
        let name = prop::sample::select(vec![r#""user""#, r#""id""#, r#""us\u0065r""#, r#""x""#]);
        scalar.prop_recursive(4, 24, 4, move |inner| {
            let fields = prop::collection::vec((name.clone(), inner.clone()), 0..4);
            let object = fields.prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(n, v)| format!("{n}:{v}")).collect();
                format!("{{{}}}", fields.join(","))
            });
            let array = prop::collection::vec(inner, 0..3);
            prop_oneof![4 => object, 1 => array.prop_map(|items| format!("[{}]", items.join(",")))]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_a_tree_of_the_state_says(state in states()) {
            prop_assert_eq!(read(&state).ok(), of_a_tree(&state).ok(), "{}", state);
        }
    }

    #[test]
    fn a_state_goes_to_the_end_and_not_beyond() {
        assert!(read("{} {}").is_err());
        assert!(read(&"[".repeat(1000)).is_err(), "too deep");
        let id = Uuid::from_u128(7);
        let state = format!(r#" {{"user": {{"name": "A", "id": "{id}"}}, "user2": {{"id": 3}}}} "#);
        assert_eq!(read(&state).unwrap(), Some(id));
    }
}
