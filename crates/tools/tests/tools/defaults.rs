//! What is drawn begins with the defaults of its label's attributes, whatever the tool.

use crate::desk::*;
use uuid::Uuid;
use visionflow_model::{Attribute, AttributeId, AttributeKind, AttributeValue, Attributes};
use visionflow_tools::ToolKind;

fn check(tool: ToolKind, draw: impl Fn(&mut Desk)) {
    let mut desk = Desk::with_tool(&[], tool);
    desk.ontology = ontology();
    let attribute = AttributeId(Uuid::from_u128(5));
    let default = AttributeValue::Text("calm".to_owned());
    desk.ontology.labels[0].attributes = vec![Attribute {
        id: attribute,
        name: "mood".to_owned(),
        kind: AttributeKind::Text,
        required: false,
        default: Some(default.clone()),
    }];
    draw(&mut desk);
    let drawn = desk.drawn().expect("something was drawn");
    assert_eq!(drawn.attributes, Attributes::from([(attribute, default)]));
    assert!(desk.undo());
    assert!(
        desk.document.is_empty(),
        "with its attributes it is one step"
    );
}

#[test]
fn every_way_of_drawing_fills_them_in() {
    let drag = |desk: &mut Desk| desk.drag(p(100.0, 100.0), p(200.0, 180.0));
    for tool in [
        ToolKind::Box,
        ToolKind::Ellipse,
        ToolKind::Arrow,
        ToolKind::Skeleton,
        ToolKind::Path,
        ToolKind::Brush,
    ] {
        check(tool, drag);
    }
    check(ToolKind::Point, |desk| desk.click(100.0, 100.0));
    check(ToolKind::Polygon, |desk| {
        desk.click(100.0, 100.0);
        desk.click(200.0, 100.0);
        desk.click(200.0, 200.0);
        desk.key("Enter");
    });
}
