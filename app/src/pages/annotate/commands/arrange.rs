//! Commands that the engine plans and makes as one edit: turning, order, groups, conversion.

use crate::commands::{Command, Spec, spec};
use crate::pages::annotate::desk::Desk;
use std::f64::consts::FRAC_PI_2;
use visionflow_engine::{Alignment, Axis, Command as Change};
use visionflow_model::ShapeKind;

/// Each with how many must be selected.
fn fixed() -> [(Spec, usize, Change); 33] {
    [
        (spec::DUPLICATE, 1, Change::Duplicate),
        (spec::SELECT_SAME_LABEL, 1, Change::SelectSameLabel),
        (spec::LOCK, 1, Change::Lock(true)),
        (spec::UNLOCK, 1, Change::Lock(false)),
        (spec::ROTATE_RIGHT, 1, Change::Rotate { radians: FRAC_PI_2 }),
        (
            spec::ROTATE_LEFT,
            1,
            Change::Rotate {
                radians: -FRAC_PI_2,
            },
        ),
        (spec::FLIP_HORIZONTAL, 1, Change::Flip { horizontal: true }),
        (spec::FLIP_VERTICAL, 1, Change::Flip { horizontal: false }),
        (spec::BRING_TO_FRONT, 1, Change::BringToFront),
        (spec::BRING_FORWARD, 1, Change::BringForward),
        (spec::SEND_BACKWARD, 1, Change::SendBackward),
        (spec::SEND_TO_BACK, 1, Change::SendToBack),
        (spec::GROUP, 2, Change::Group),
        (spec::UNGROUP, 1, Change::Ungroup),
        (spec::ALIGN_LEFT, 2, Change::Align(Alignment::Left)),
        (spec::ALIGN_CENTER, 2, Change::Align(Alignment::Center)),
        (spec::ALIGN_RIGHT, 2, Change::Align(Alignment::Right)),
        (spec::ALIGN_TOP, 2, Change::Align(Alignment::Top)),
        (spec::ALIGN_MIDDLE, 2, Change::Align(Alignment::Middle)),
        (spec::ALIGN_BOTTOM, 2, Change::Align(Alignment::Bottom)),
        (
            spec::DISTRIBUTE_HORIZONTAL,
            3,
            Change::Distribute(Axis::Horizontal),
        ),
        (
            spec::DISTRIBUTE_VERTICAL,
            3,
            Change::Distribute(Axis::Vertical),
        ),
        (spec::JOIN, 2, Change::Join),
        (spec::SUBTRACT, 2, Change::Subtract),
        (spec::INTERSECT, 2, Change::Intersect),
        (spec::FILL_HOLES, 1, Change::FillHoles),
        (spec::CONVERT_BOX, 1, Change::Convert(ShapeKind::Box)),
        (
            spec::CONVERT_ROTATED_BOX,
            1,
            Change::Convert(ShapeKind::RotatedBox),
        ),
        (
            spec::CONVERT_ELLIPSE,
            1,
            Change::Convert(ShapeKind::Ellipse),
        ),
        (
            spec::CONVERT_POLYGON,
            1,
            Change::Convert(ShapeKind::Polygon),
        ),
        (
            spec::CONVERT_POLYLINE,
            1,
            Change::Convert(ShapeKind::Polyline),
        ),
        (spec::CONVERT_MASK, 1, Change::Convert(ShapeKind::Mask)),
        (spec::CONVERT_POINT, 1, Change::Convert(ShapeKind::Point)),
    ]
}

/// Only these change nothing, so that whoever watches may use them.
fn only_selects(change: &Change) -> bool {
    matches!(change, Change::SelectSameLabel)
}

pub fn commands(desk: &Desk) -> Vec<Command> {
    let tolerance = desk.settings.tools.simplify_tolerance;
    let simplify = (spec::SIMPLIFY, 1, Change::Simplify { tolerance });
    let selected_locked = desk.objects.borrow().any_locked(&desk.selection);
    let mut all: Vec<Command> = fixed()
        .into_iter()
        .chain([simplify])
        .map(|(command, least, change)| {
            let allowed = desk.can_edit || only_selects(&change);
            let desk = desk.clone();
            let enabled = allowed
                && desk.selection.len() >= least
                && (command.id != spec::UNLOCK.id || selected_locked);
            command
                .bind(enabled, move || desk.run(&change))
                .by_key(allowed)
        })
        .collect();
    let unlock_all = {
        let desk = desk.clone();
        move || desk.unlock_all()
    };
    let any_locked = desk.objects.borrow().locked_count() > 0;
    all.push(spec::UNLOCK_ALL.bind(desk.can_edit && any_locked, unlock_all));
    all
}
