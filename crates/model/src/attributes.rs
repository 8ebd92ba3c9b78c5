//! The attributes of one annotation.

use crate::AttributeId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The value of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum AttributeValue {
    Bool(bool),
    Number(f64),
    Text(String),
}

/// Values by attribute, ascending by id; in JSON an object.
///
/// A sorted list and not a tree: most annotations have a few, and a tree's node for a hundred
/// thousand annotations weighs more than all their boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(AttributeId, AttributeValue)>);

impl Attributes {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, id: &AttributeId) -> Option<&AttributeValue> {
        let index = self.position(id).ok()?;
        Some(&self.0[index].1)
    }

    pub fn contains_key(&self, id: &AttributeId) -> bool {
        self.position(id).is_ok()
    }

    /// Sets a value; answers with the one before.
    pub fn insert(&mut self, id: AttributeId, value: AttributeValue) -> Option<AttributeValue> {
        match self.position(&id) {
            Ok(index) => Some(std::mem::replace(&mut self.0[index].1, value)),
            Err(index) => {
                self.0.reserve_exact(1);
                self.0.insert(index, (id, value));
                None
            }
        }
    }

    pub fn remove(&mut self, id: &AttributeId) -> Option<AttributeValue> {
        let index = self.position(id).ok()?;
        Some(self.0.remove(index).1)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&AttributeId, &AttributeValue)> {
        self.0.iter().map(|(id, value)| (id, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &AttributeId> {
        self.0.iter().map(|(id, _)| id)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &AttributeValue> {
        self.0.iter().map(|(_, value)| value)
    }

    fn position(&self, id: &AttributeId) -> Result<usize, usize> {
        self.0.binary_search_by_key(id, |(id, _)| *id)
    }
}

impl FromIterator<(AttributeId, AttributeValue)> for Attributes {
    /// Of several values for one attribute the last stands.
    fn from_iter<I: IntoIterator<Item = (AttributeId, AttributeValue)>>(values: I) -> Self {
        let sorted: BTreeMap<_, _> = values.into_iter().collect();
        Self(sorted.into_iter().collect())
    }
}

impl<const N: usize> From<[(AttributeId, AttributeValue); N]> for Attributes {
    fn from(values: [(AttributeId, AttributeValue); N]) -> Self {
        values.into_iter().collect()
    }
}

impl From<BTreeMap<AttributeId, AttributeValue>> for Attributes {
    fn from(values: BTreeMap<AttributeId, AttributeValue>) -> Self {
        Self(values.into_iter().collect())
    }
}

impl From<Attributes> for BTreeMap<AttributeId, AttributeValue> {
    fn from(attributes: Attributes) -> Self {
        attributes.0.into_iter().collect()
    }
}

impl IntoIterator for Attributes {
    type Item = (AttributeId, AttributeValue);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a AttributeId, &'a AttributeValue);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, (AttributeId, AttributeValue)>,
        fn(&'a (AttributeId, AttributeValue)) -> Self::Item,
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(id, value)| (id, value))
    }
}

impl std::ops::Index<&AttributeId> for Attributes {
    type Output = AttributeValue;

    /// Panics where the attribute has no value.
    fn index(&self, id: &AttributeId) -> &AttributeValue {
        self.get(id).expect("the attribute has a value")
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> AttributeId {
        AttributeId(Uuid::from_u128(n))
    }

    #[test]
    fn values_are_kept_by_id() {
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        let mut attributes = Attributes::from([(id(3), text("c")), (id(1), text("a"))]);
        assert_eq!(attributes.insert(id(2), text("b")), None);
        assert_eq!(attributes.insert(id(1), text("z")), Some(text("a")));
        assert_eq!(attributes.remove(&id(3)), Some(text("c")));
        assert_eq!(attributes.get(&id(3)), None);
        let json = serde_json::to_string(&attributes).unwrap();
        assert_eq!(json, format!(r#"{{"{}":"z","{}":"b"}}"#, id(1), id(2)));
        assert_eq!(
            serde_json::from_str::<Attributes>(&json).unwrap(),
            attributes
        );
    }
}
