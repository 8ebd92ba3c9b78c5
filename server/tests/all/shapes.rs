//! Every kind of shape over REST, what else an annotation carries, and what the ontology keeps.

use super::relay_world::World;
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_model::{AnnotationId, ShapeKind};

const PATH: &str = "/api/v1/annotations";

fn shapes() -> Vec<Value> {
    vec![
        json!({ "type": "box", "box": [1.0, 2.0, 30.0, 40.0] }),
        json!({ "type": "rotated_box", "center": [50.0, 60.0], "size": [30.0, 10.5], "angle": 0.5 }),
        json!({ "type": "ellipse", "center": [50.0, 60.0], "radii": [30.0, 10.5], "angle": 0.5 }),
        json!({ "type": "polygon", "rings": [[0.0, 0.0, 40.0, 0.0, 40.0, 40.0], [20.0, 5.0, 30.0, 5.0, 30.0, 9.0]] }),
        json!({ "type": "polyline", "points": [0.0, 0.0, 4.0, 0.5, 9.0, 3.0] }),
        json!({ "type": "point", "point": [1.5, 2.25] }),
        json!({ "type": "path", "points": [0.0, 0.0, 4.0, 0.5, 9.0, 3.0] }),
        json!({ "type": "arrow", "from": [1.0, 2.0], "to": [30.0, 4.0] }),
        json!({ "type": "text", "box": [1.0, 2.0, 300.0, 40.0], "text": "Größe: 足\n<b>", "size": 24.0, "bold": true, "align": "right" }),
        json!({ "type": "cuboid", "points": [0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0, 5.0, 5.0, 15.0, 5.0, 15.0, 15.0, 5.0, 15.0] }),
        json!({ "type": "mask", "origin": [250, 7], "size": [9, 2], "runs": [0, 9, 3, 4, 2] }),
        json!({ "type": "skeleton", "joints": [
            { "id": 1, "at": [1.0, 2.0], "state": "visible" }, { "id": 4, "at": [9.5, 2.0], "state": "occluded" }
        ] }),
        json!({ "type": "tag" }),
    ]
}

/// Makes a good label a bad one.
type Spoil = fn(&mut Value);

async fn create(world: &World, body: Value) -> (u16, Value) {
    let mut whole = json!({ "image_id": world.image_id, "label_id": world.label });
    for (name, value) in body.as_object().unwrap() {
        whole[name] = value.clone();
    }
    world.call(&world.owner, "POST", PATH, Some(whole)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shape_is_written_read_and_turned_into_every_other() {
    let world = World::new().await;
    let shapes = shapes();
    assert_eq!(shapes.len(), ShapeKind::ALL.len());
    let mut ids = Vec::new();
    for shape in &shapes {
        let (status, row) = create(&world, json!({ "data": shape })).await;
        assert_eq!((status, &row["data"]), (201, shape), "{row}");
        ids.push(row["id"].as_str().unwrap().to_owned());
    }
    let rows = world.rows().await;
    assert_eq!(rows.len(), shapes.len());
    let kinds: Vec<String> = world
        .raw_rows()
        .await
        .iter()
        .map(|row| row["kind"].to_string())
        .collect();
    for kind in ShapeKind::ALL {
        assert!(kinds.contains(&format!("\"{}\"", kind.name())), "{kinds:?}");
    }
    for (id, shape) in ids.iter().zip(shapes.iter().cycle().skip(1)) {
        let path = format!("{PATH}/{id}");
        let change = json!({ "data": shape, "z": 3.0 });
        let (status, row) = world.call(&world.owner, "PATCH", &path, Some(change)).await;
        assert_eq!((status, &row["data"]), (200, shape), "{row}");
        assert_eq!(row["id"].as_str(), Some(id.as_str()));
        let document = world.document().await;
        let id: AnnotationId = id.parse().unwrap();
        let kept = serde_json::to_value(&document.get(id).unwrap().shape).unwrap();
        assert_eq!(&kept, shape);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn group_lock_style_and_source_are_kept_and_changed() {
    let world = World::new().await;
    let group = Uuid::now_v7();
    let style = json!({ "stroke": "#ff0000", "opacity": 0.25 });
    let body = json!({
        "data": shapes()[0], "group": group, "locked": true, "style": style, "source": "model:sam 2",
    });
    let (status, row) = create(&world, body).await;
    assert_eq!(status, 201, "{row}");
    assert_eq!(row["group"], json!(group));
    assert_eq!((&row["locked"], &row["style"]), (&json!(true), &style));
    assert_eq!(row["source"], "model:sam 2");
    let path = format!("{PATH}/{}", row["id"].as_str().unwrap());
    let change = json!({ "locked": false, "z": 2.0 });
    let (_, row) = world.call(&world.owner, "PATCH", &path, Some(change)).await;
    assert_eq!(row["group"], json!(group), "what is absent stays");
    assert_eq!((&row["locked"], &row["style"]), (&json!(false), &style));
    let change = json!({ "group": null, "style": {} });
    let (_, row) = world.call(&world.owner, "PATCH", &path, Some(change)).await;
    assert_eq!((&row["group"], &row["style"]), (&Value::Null, &json!({})));
    assert_eq!(row["source"], "model:sam 2");
    let (_, plain) = create(&world, json!({ "data": shapes()[1] })).await;
    assert_eq!(
        (&plain["source"], &plain["locked"]),
        (&json!("manual"), &json!(false))
    );

    let refused = [
        (json!({ "style": { "opacity": 2.0 } }), "opacity"),
        (json!({ "style": { "stroke": "red" } }), "#rrggbb"),
        (json!({ "source": "guess" }), "no source"),
        (json!({ "source": "model:" }), "name of a model"),
        (
            json!({ "data": { "type": "text", "box": [0, 0, 9, 9], "text": "a\0b", "size": 9 } }),
            "U+0000",
        ),
        (
            json!({ "data": { "type": "ellipse", "center": [0, 0], "radii": [0, 5], "angle": 0 } }),
            "radii",
        ),
        (
            json!({ "data": { "type": "mask", "origin": [0, 0], "size": [2, 2], "runs": [3] } }),
            "add up",
        ),
        (
            json!({ "data": { "type": "cuboid", "points": [1, 2, 3, 4] } }),
            "eight points",
        ),
        (
            json!({ "data": { "type": "skeleton", "joints": [] } }),
            "joint",
        ),
    ];
    for (part, words) in refused {
        let mut body = json!({ "data": shapes()[0] });
        for (name, value) in part.as_object().unwrap() {
            body[name] = value.clone();
        }
        let (status, answer) = create(&world, body).await;
        assert_eq!(status, 422, "{answer}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
    assert_eq!(world.rows().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ontology_keeps_styles_skeletons_and_single_tags() {
    let world = World::new().await;
    let path = format!("/api/v1/projects/{}/ontology", world.project_id);
    let (_, mut ontology) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(ontology["single_tag"], false);
    ontology["single_tag"] = json!(true);
    let label = &mut ontology["labels"][0];
    label["style"] = json!({ "fill": "#00ff00", "width": 3.0 });
    label["skeleton"] = json!({
        "joints": [
            { "id": 5, "name": "head", "x": 0.5, "y": 0.0 }, { "id": 2, "name": "foot", "x": 0.5, "y": 1.0 },
        ],
        "edges": [[5, 2]],
    });
    label["attributes"] = json!([
        { "id": Uuid::now_v7(), "name": "colour", "kind": "select", "options": ["red", "blue"], "required": true },
        { "id": Uuid::now_v7(), "name": "plate", "kind": "text", "required": false },
    ]);
    let wanted = ontology.clone();
    let (status, written) = world.call(&world.owner, "PUT", &path, Some(ontology)).await;
    assert_eq!(status, 200, "{written}");
    assert_eq!(written["labels"], wanted["labels"]);
    let (_, read) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(read, written);
    assert_eq!(read["single_tag"], true);

    // A second tag takes the place of the first, whoever made it and however.
    let (_, first) = create(&world, json!({ "data": { "type": "tag" } })).await;
    let (_, second) = create(&world, json!({ "data": { "type": "tag" } })).await;
    let (_, third) = create(&world, json!({ "data": shapes()[0] })).await;
    let ids = async || -> Vec<Value> {
        let rows = world.rows().await;
        rows.iter().map(|row| json!(row.id)).collect()
    };
    assert_eq!(
        ids().await,
        [second["id"].clone(), third["id"].clone()],
        "{first}"
    );
    let turned = format!("{PATH}/{}", third["id"].as_str().unwrap());
    let change = json!({ "data": { "type": "tag" } });
    world
        .call(&world.owner, "PATCH", &turned, Some(change))
        .await;
    assert_eq!(ids().await, [third["id"].clone()]);

    let refused: [(Spoil, &str); 6] = [
        (|label| label["style"]["width"] = json!(1e9), "style"),
        (|label| label["skeleton"]["joints"] = json!([]), "no joint"),
        (|label| label["skeleton"]["edges"] = json!([[5, 9]]), "edge"),
        (
            |label| label["skeleton"]["joints"][0]["name"] = json!("foot"),
            "foot",
        ),
        (
            |label| label["attributes"][0]["options"] = json!([]),
            "no options",
        ),
        (
            |label| label["attributes"][0]["options"] = json!(["red", "red"]),
            "twice",
        ),
    ];
    for (spoil, words) in refused {
        let mut ontology = read.clone();
        spoil(&mut ontology["labels"][0]);
        let (status, answer) = world.call(&world.owner, "PUT", &path, Some(ontology)).await;
        assert_eq!(status, 422, "{answer}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
}
