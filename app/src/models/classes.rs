//! Which label each class of a model becomes.

use crate::components::color_field::palette_color;
use uuid::Uuid;
use visionflow_api::ClassMap;
use visionflow_model::{Label, LabelId, Ontology};

/// What a class becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Label(LabelId),
    /// A label of its name, which is made when the map is saved.
    Create,
    Ignore,
}

/// Names as they are compared: case, space and what stands for space do not matter.
fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.replace(['_', '-'], " ")
}

/// Every class becomes the label of its name; what has none is ignored until somebody says more.
pub fn by_name(classes: &[String], ontology: &Ontology) -> Vec<Target> {
    let known: Vec<(String, LabelId)> = ontology
        .active()
        .map(|label| (plain(&label.name), label.id))
        .collect();
    let target = |class: &String| {
        let class = plain(class);
        let label = known.iter().find(|(name, _)| *name == class);
        label.map_or(Target::Ignore, |(_, id)| Target::Label(*id))
    };
    classes.iter().map(target).collect()
}

/// The map as it stands on the server; a label that is no longer given counts as ignored.
pub fn from_map(classes: &[String], map: &ClassMap, ontology: &Ontology) -> Vec<Target> {
    let target = |class: usize| {
        let label = map.get(&class.to_string()).copied().flatten().map(LabelId);
        let label = label.filter(|id| ontology.active().any(|label| label.id == *id));
        label.map_or(Target::Ignore, Target::Label)
    };
    (0..classes.len()).map(target).collect()
}

/// The map for the server, and the labels that it needs in addition; classes of one name share one.
pub fn to_map(
    classes: &[String],
    targets: &[Target],
    ontology: &Ontology,
) -> (ClassMap, Vec<Label>) {
    let mut labels: Vec<Label> = Vec::new();
    let mut created = |name: &str| {
        let known = labels
            .iter()
            .chain(ontology.active())
            .find(|label| plain(&label.name) == plain(name));
        if let Some(label) = known {
            return label.id;
        }
        let color = palette_color(ontology.labels.len() + labels.len());
        let label = Label::new(LabelId(Uuid::now_v7()), name.trim().to_owned(), color);
        labels.push(label.clone());
        label.id
    };
    let map = classes.iter().zip(targets).enumerate();
    let map = map.map(|(class, (name, target))| {
        let label = match target {
            Target::Label(id) => Some(*id),
            Target::Create => Some(created(name)),
            Target::Ignore => None,
        };
        (class.to_string(), label.map(|id| id.0))
    });
    (map.collect(), labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn ontology() -> Ontology {
        let label = |n: u128, name: &str| {
            Label::new(
                LabelId(Uuid::from_u128(n)),
                name.to_owned(),
                palette_color(0),
            )
        };
        let mut old = label(3, "dog");
        old.archived = true;
        Ontology {
            labels: vec![label(1, "Cat"), label(2, "traffic light"), old],
            ..Ontology::default()
        }
    }

    #[test]
    fn classes_find_the_labels_of_their_names() {
        let classes = names(&["cat", "traffic_light", "dog"]);
        let label = |n| Target::Label(LabelId(Uuid::from_u128(n)));
        assert_eq!(
            by_name(&classes, &ontology()),
            [label(1), label(2), Target::Ignore],
            "an archived label is not given"
        );
    }

    #[test]
    fn a_map_goes_to_the_server_and_comes_back() {
        let classes = names(&["cat", "fox", "Fox", "cow"]);
        let mut targets = by_name(&classes, &ontology());
        targets[1] = Target::Create;
        targets[2] = Target::Create;
        let (map, created) = to_map(&classes, &targets, &ontology());
        assert_eq!(created.len(), 1, "both foxes are one label");
        assert_eq!(map["1"], map["2"]);
        assert_eq!(map["3"], None);
        let mut ontology = ontology();
        ontology.labels.extend(created.clone());
        let fox = Target::Label(created[0].id);
        assert_eq!(
            from_map(&classes, &map, &ontology),
            [targets[0], fox, fox, Target::Ignore]
        );
        ontology.labels[0].archived = true;
        assert_eq!(from_map(&classes, &map, &ontology)[0], Target::Ignore);
    }
}
