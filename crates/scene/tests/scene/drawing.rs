//! Draw lists: what they hold, in which order, and how little of them changes.

use super::*;
use proptest::prelude::*;
use visionflow_geometry::RotatedBox;
use visionflow_model::{Arrow, Color, Label, Ontology, Preview};
use visionflow_scene::{Guide, Handle, HandleKind, PeerMark, primitive_kind, style_flag};

/// The first coordinates of what is drawn, bottom first, in image space.
fn lefts(list: &DrawList) -> Vec<f64> {
    let primitives = list.shapes.primitives.entries();
    let left = |&i: &u32| f64::from(primitives[i as usize].a[0]) + list.origin.x;
    list.shapes.order.entries().iter().map(left).collect()
}

/// A texture as the renderer keeps it: it sees dirty ranges only.
#[derive(Default)]
struct Mirror {
    primitives: Vec<visionflow_scene::Primitive>,
    styles: Vec<visionflow_scene::Style>,
    order: Vec<u32>,
}

impl Mirror {
    fn take(&mut self, list: &DrawList) {
        fn copy<T: visionflow_scene::Texel>(into: &mut Vec<T>, table: &visionflow_scene::Table<T>) {
            into.resize(table.len(), T::zeroed());
            for range in table.dirty() {
                into[range.clone()].copy_from_slice(&table.entries()[range.clone()]);
            }
        }
        copy(&mut self.primitives, &list.shapes.primitives);
        copy(&mut self.styles, &list.shapes.styles);
        copy(&mut self.order, &list.shapes.order);
    }

    /// What a frame would show: every primitive with its style, bottom first.
    fn picture(&self) -> Vec<String> {
        let show = |&i: &u32| {
            let p = self.primitives[i as usize];
            let style = self.styles[p.style as usize];
            let points = if p.kind & 0xff == primitive_kind::OUTLINE {
                let [offset, count] = p.b.map(|number| number.to_bits() as usize);
                let start = i as usize + offset;
                let behind = &self.primitives[start..start + count.div_ceil(4)];
                format!("{:?}", bytemuck::cast_slice::<_, f32>(behind))
            } else {
                String::new()
            };
            (style.flags & style_flag::HIDDEN == 0)
                .then(|| format!("{:?} {:?} {} {style:?} {points}", p.a, p.b, p.kind))
        };
        self.order.iter().filter_map(show).collect()
    }
}

#[test]
fn drawing_follows_z_then_id_whatever_the_kind() {
    let mut low = boxed(9, 1.0, 0.0, 5.0, 5.0);
    low.z = -1.0;
    let mut scene = loaded(&[
        boxed(2, 3.0, 0.0, 5.0, 5.0),
        triangle(1, (2.0, 0.0), (2.0, 9.0), (2.0, 4.0)),
        low,
    ]);
    let order = lefts(drawn(&mut scene, &far()));
    assert_eq!(order.first(), Some(&1.0));
    assert_eq!(order.last(), Some(&3.0));
}

#[test]
fn one_of_a_hundred_thousand_costs_one() {
    let mut scene = loaded(&grid(100_000));
    assert!(drawn_vast(&mut scene).upload_bytes() > 100_000 * 48);
    assert_eq!(drawn_vast(&mut scene).upload_bytes(), 0);

    scene.upsert(&boxed(77, 3.0, 3.0, 4.0, 4.0));
    assert_eq!(drawn_vast(&mut scene).upload_bytes(), 32);
    scene.set_hover(Some(id(50_000)));
    assert_eq!(drawn_vast(&mut scene).upload_bytes(), 16);
    scene.upsert(&boxed(100_001, 3.0, 3.0, 4.0, 4.0));
    assert_eq!(drawn_vast(&mut scene).upload_bytes(), 32 + 16 + 4);
}

#[test]
fn a_drag_among_a_hundred_thousand_costs_its_preview() {
    let mut scene = loaded(&grid(100_000));
    scene.set_selection(&[id(5)]);
    drawn_vast(&mut scene);
    for step in 0..20 {
        scene.set_preview(&[Preview {
            annotation: Some(id(5)),
            label: None,
            shape: Shape::Box(rect(f64::from(step), 0.0, 8.0, 8.0)),
            closed: true,
        }]);
        assert!(drawn_vast(&mut scene).upload_bytes() < 100);
    }
}

#[test]
fn a_moved_camera_uploads_nothing() {
    let mut scene = loaded(&grid(100_000));
    let mut camera = far();
    drawn(&mut scene, &camera);
    for _ in 0..10 {
        camera.pan(Vec2::new(7.0, 3.0));
        assert_eq!(drawn(&mut scene, &camera).upload_bytes(), 0);
        assert!(!scene.needs_draw());
    }
}

#[test]
fn a_close_view_lists_its_surroundings_only() {
    let mut scene = loaded(&grid(100_000));
    let mut camera = Camera::default().centered_on(Point::new(5000.0, 500.0), VIEWPORT.css());
    let listed = drawn(&mut scene, &camera).shapes.order.len();
    assert!((4800..30_000).contains(&listed), "{listed}");
    camera.pan(Vec2::new(20.0, 20.0));
    assert_eq!(drawn(&mut scene, &camera).upload_bytes(), 0);
    // Into the surroundings, then out of them.
    scene.upsert(&boxed(3, 5000.0, 500.0, 2.0, 2.0));
    let list = drawn(&mut scene, &camera);
    assert_eq!(list.shapes.order.len(), listed + 1);
    scene.remove(id(3));
    assert_eq!(drawn(&mut scene, &camera).shapes.order.len(), listed);
    assert_eq!(drawn_vast(&mut scene).shapes.order.len(), 99_999);
}

#[test]
fn everything_is_uploaded_again_for_a_new_device() {
    let mut scene = loaded(&grid(1000));
    let first = drawn(&mut scene, &far()).upload_bytes();
    assert!(!scene.needs_draw());
    scene.invalidate_gpu();
    assert!(scene.needs_draw());
    assert_eq!(drawn(&mut scene, &far()).upload_bytes(), first);
}

#[test]
fn far_out_coordinates_keep_their_fractions() {
    let mut scene = Scene::new();
    scene.set_image_size(Some((60_000, 40_000)));
    let x = 59_990.123;
    scene.upsert(&boxed(1, x, 10.0, 5.0, 5.0));
    let left = lefts(drawn(&mut scene, &far()))[0];
    assert!((left - x).abs() < 0.002, "{left}");
    // Another image moves the origin and nothing else.
    scene.set_image_size(Some((100, 100)));
    let left = lefts(drawn(&mut scene, &far()))[0];
    assert!((left - x).abs() < 0.004, "{left}");
}

#[test]
fn a_gesture_is_drawn_in_place_of_its_annotation() {
    let mut scene = loaded(&[boxed(1, 0.0, 0.0, 5.0, 5.0)]);
    scene.set_preview(&[Preview {
        annotation: Some(id(1)),
        label: None,
        shape: Shape::Box(rect(7.0, 7.0, 5.0, 5.0)),
        closed: true,
    }]);
    let list = drawn(&mut scene, &far());
    assert_eq!(
        list.shapes.styles.entries()[0].flags & style_flag::HIDDEN,
        style_flag::HIDDEN
    );
    assert_eq!(list.overlay.order.len(), 1);
    scene.set_preview(&[]);
    let list = drawn(&mut scene, &far());
    assert_eq!(list.shapes.styles.entries()[0].flags, 0);
    assert_eq!(list.overlay.order.len(), 0);
}

#[test]
fn peers_show_their_arrow_name_ghost_and_selection() {
    let mut scene = loaded(&[boxed(1, 0.0, 0.0, 5.0, 5.0)]);
    scene.set_peers(&[PeerMark {
        color: Color::new(1, 2, 3),
        name: "Ada".to_owned(),
        cursor: Some(Point::new(3.0, 3.0)),
        selection: vec![id(1), id(2)],
        preview: vec![Preview {
            annotation: None,
            label: None,
            shape: Shape::Box(rect(7.0, 7.0, 5.0, 5.0)),
            closed: true,
        }],
    }]);
    let list = drawn(&mut scene, &far());
    let kinds: Vec<_> = list
        .overlay
        .primitives
        .entries()
        .iter()
        .map(|primitive| primitive.kind & 0xff)
        .collect();
    let segments = vec![primitive_kind::SEGMENT; 4];
    let expected = [
        vec![primitive_kind::BOX; 2],
        segments,
        vec![primitive_kind::MARKER],
    ];
    assert_eq!(kinds, expected.concat());
    assert_eq!(list.sprites.len(), 1);
    assert_eq!(scene.texts()[0].text, "Ada");
    scene.set_peers(&[]);
    drawn(&mut scene, &far());
    assert!(scene.texts().is_empty());
}

#[test]
fn hovered_and_selected_shapes_show_their_labels_name_once() {
    let mut scene = loaded(&grid(3));
    scene.set_ontology(&Ontology {
        labels: vec![Label::new(
            LabelId(Uuid::from_u128(1)),
            "Car",
            Color::new(9, 9, 9),
        )],
        ..Ontology::default()
    });
    scene.set_selection(&[id(0), id(1)]);
    scene.set_hover(Some(id(1)));
    assert_eq!(drawn(&mut scene, &far()).sprites.len(), 2);
    assert_eq!(scene.texts().len(), 1);
    // The tag follows the annotation.
    scene.upsert(&boxed(0, 123.0, 0.0, 5.0, 5.0));
    let anchors = &drawn(&mut scene, &far()).sprites;
    assert!(anchors.iter().any(|sprite| sprite.anchor.x == 123.0));
    scene.set_names(false);
    assert!(scene.needs_draw());
    assert!(drawn(&mut scene, &far()).sprites.is_empty());
    scene.set_names(true);
    assert_eq!(drawn(&mut scene, &far()).sprites.len(), 2);
}

#[test]
fn handles_come_last() {
    let mut scene = loaded(&[]);
    scene.set_handles(&[Handle {
        position: Point::new(1.0, 2.0),
        kind: HandleKind::Square,
        active: false,
    }]);
    assert!(scene.needs_draw());
    let list = drawn(&mut scene, &far());
    assert_eq!(list.overlay.primitives.entries()[0].a[2], 9.0);
    assert_eq!(list.overlay.above, 1, "above the words");
    scene.set_handles(&[]);
    scene.set_guides(&[Guide::Snap(Point::new(1.0, 2.0))]);
    let list = drawn(&mut scene, &far());
    assert_eq!(list.overlay.primitives.entries()[0].a[2], 17.0);
    assert_eq!(list.overlay.above, 0);
}

/// Shapes that are drawn in another form at every zoom.
fn of_some_kind(x: u8) -> Shape {
    let at = |dx: f64, dy: f64| Point::new(f64::from(x) + dx, dy);
    let wave = |i: i32| at(f64::from(i), (f64::from(i) / 3.0).sin() * 5.0);
    match x % 6 {
        0 => Shape::Polyline((0..4).map(wave).collect()),
        1 => Shape::Path((0..50).map(wave).collect()),
        2 => Shape::RotatedBox(RotatedBox {
            center: at(0.0, 0.0),
            size: Vec2::new(20.0, 5.0),
            angle: 0.5,
        }),
        3 => Shape::Point(at(0.0, 0.0)),
        4 => Shape::Arrow(Arrow {
            from: at(0.0, 0.0),
            to: at(9.0, 9.0),
        }),
        _ => Shape::Tag,
    }
}

/// One change of a scene.
#[derive(Clone, Debug)]
enum Step {
    Box(u8, u8, i8),
    Polygon(u8, u8, u8),
    Remove(u8),
    Hover(u8),
    Hide(u8),
    Kind(u8, u8, i8),
    Zoom(i8),
    Frame(bool),
    Reload,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..20_u8, any::<u8>(), -2..3_i8).prop_map(|(n, x, z)| Step::Box(n, x, z)),
        2 => (0..20_u8, any::<u8>(), 3..9_u8).prop_map(|(n, x, k)| Step::Polygon(n, x, k)),
        3 => (0..20_u8).prop_map(Step::Remove),
        1 => (0..20_u8).prop_map(Step::Hover),
        1 => (0..20_u8).prop_map(Step::Hide),
        3 => (0..20_u8, any::<u8>(), -2..3_i8).prop_map(|(n, x, z)| Step::Kind(n, x, z)),
        1 => (-6..6_i8).prop_map(Step::Zoom),
        3 => any::<bool>().prop_map(Step::Frame),
        1 => Just(Step::Reload),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever happened before, the tables that dirty ranges built up show the same picture as
    /// a fresh scene with the same annotations.
    #[test]
    fn partial_uploads_add_up_to_a_fresh_draw(steps in prop::collection::vec(any_step(), 1..60)) {
        let mut scene = Scene::new();
        let mut camera = far();
        let mut mirror = Mirror::default();
        let mut all = std::collections::BTreeMap::new();
        let (mut hovered, mut hidden) = (None, Vec::new());
        for step in steps {
            match step {
                Step::Box(n, x, z) => {
                    let mut one = boxed(n.into(), x.into(), 0.0, 5.0, 5.0);
                    one.z = z.into();
                    scene.upsert(&one);
                    all.insert(one.id, one);
                }
                Step::Polygon(n, x, corners) => {
                    let corner = |k: u8| {
                        let angle = f64::from(k) * std::f64::consts::TAU / f64::from(corners);
                        Point::new(f64::from(x) + 9.0 * angle.cos(), 9.0 * angle.sin())
                    };
                    let ring = (0..corners).map(corner).collect();
                    let one = annotation(n.into(), Shape::Polygon(Polygon::from_ring(ring)));
                    scene.upsert(&one);
                    all.insert(one.id, one);
                }
                Step::Kind(n, x, z) => {
                    let mut one = annotation(n.into(), of_some_kind(x));
                    one.z = z.into();
                    one.locked = x % 5 == 0;
                    scene.upsert(&one);
                    all.insert(one.id, one);
                }
                Step::Zoom(level) => {
                    let middle = Point::new(100.0, 0.0);
                    camera = Camera::new(f64::from(level).exp2(), Vec2::default())
                        .centered_on(middle, VIEWPORT.css());
                }
                Step::Remove(n) => {
                    scene.remove(id(n.into()));
                    all.remove(&id(n.into()));
                }
                Step::Hover(n) => {
                    hovered = Some(id(n.into()));
                    scene.set_hover(hovered);
                }
                Step::Hide(n) => {
                    hidden = vec![id(n.into())];
                    scene.set_hidden(&hidden);
                }
                Step::Frame(lost) => {
                    if lost {
                        mirror = Mirror::default();
                        scene.invalidate_gpu();
                    }
                    mirror.take(drawn(&mut scene, &camera));
                }
                Step::Reload => scene.load(all.values()),
            }
        }
        mirror.take(drawn(&mut scene, &camera));
        let mut fresh = loaded(&all.into_values().collect::<Vec<_>>());
        fresh.set_hover(hovered);
        fresh.set_hidden(&hidden);
        let mut expected = Mirror::default();
        expected.take(drawn(&mut fresh, &camera));
        prop_assert_eq!(mirror.picture(), expected.picture());
    }
}
