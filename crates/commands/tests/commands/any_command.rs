//! Whatever is commanded in whatever order: what comes of it is valid, what is locked is left alone,
//! and undoing everything gives back the first document.

use crate::bench::*;
use crate::properties::shapes;
use proptest::prelude::*;
use visionflow_commands::{Alignment, Axis, Command};
use visionflow_document::Edit;
use visionflow_model::ShapeKind;

fn command() -> impl Strategy<Value = Command> {
    use Command::*;
    let alignments = [
        Alignment::Left,
        Alignment::Center,
        Alignment::Right,
        Alignment::Top,
        Alignment::Middle,
        Alignment::Bottom,
    ];
    let plain = [
        BringToFront,
        BringForward,
        SendBackward,
        SendToBack,
        Group,
        Ungroup,
        Duplicate,
        Delete,
        Join,
        Subtract,
        Intersect,
        Smooth,
        FillHoles,
        SplitParts,
        Repair,
        Distribute(Axis::Horizontal),
        Distribute(Axis::Vertical),
        Flip { horizontal: true },
        Flip { horizontal: false },
        Lock(true),
        Lock(false),
        SelectSameGroup,
        SelectSameKind,
        InvertSelection,
        SetLabel(label(3)),
    ];
    prop_oneof![
        6 => prop::sample::select(plain.to_vec()),
        1 => (-900.0..900.0, -900.0..900.0).prop_map(|(x, y)| MoveBy { x, y }),
        1 => (0.0..900.0, 0.0..700.0, 1.0..99.0, 1.0..99.0)
            .prop_map(|(x, y, w, h)| ResizeTo(square(x, y, w, h))),
        2 => (-7.0..7.0).prop_map(|radians| Rotate { radians }),
        1 => prop::sample::select(alignments.to_vec()).prop_map(Align),
        3 => prop::sample::select(ShapeKind::ALL.to_vec()).prop_map(Convert),
        1 => (0.0..20.0).prop_map(|tolerance| Simplify { tolerance }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_back_the_first_document(
        shapes in proptest::collection::vec(shapes(), 1..7),
        commands in proptest::collection::vec((command(), any::<u8>()), 1..12),
        locked in any::<u8>(),
    ) {
        let mut bench = Bench::new(&shapes);
        let chosen = |mask: u8, bench: &Bench| -> Vec<_> {
            let all = bench.contents().into_keys().enumerate();
            all.filter(|(n, _)| mask >> (n % 8) & 1 == 1).map(|(_, id)| id).collect()
        };
        let lock = chosen(locked & locked.rotate_left(3), &bench);
        let lock: Vec<_> = lock.into_iter().map(|id| Edit::SetLocked(id, true)).collect();
        bench.set(&lock);
        let first = bench.contents();
        for (command, mask) in commands {
            let before = bench.contents();
            let selection: Vec<_> =
                chosen(mask, &bench).iter().map(|id| id.0.as_u128()).collect();
            let Ok(plan) = bench.plan(&selection, &command) else { continue };
            bench.make(&plan);
            if matches!(command, Command::Lock(_)) {
                continue;
            }
            let after = bench.contents();
            for annotation in before.values().filter(|a| a.locked) {
                let now = after.get(&annotation.id);
                let same = now.is_some_and(|now| now.shape == annotation.shape
                    && now.label == annotation.label && now.group == annotation.group);
                prop_assert!(same, "{:?} changed a locked annotation", command);
            }
        }
        while bench.document.can_undo() {
            bench.document.undo();
        }
        prop_assert_eq!(bench.contents(), first);
    }
}
