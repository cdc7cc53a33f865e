//! `layout show` and `layout check`.

use super::{Failure, print};
use crate::cli::LayoutAction;
use crate::layout;

/// Columns that output keeps to.
const WIDTH: usize = 80;

pub(super) fn run(action: &LayoutAction) -> Result<(), Failure> {
    match action {
        LayoutAction::Show { layout } => {
            let layout = layout::open(layout).map_err(Failure::input)?;
            layout.check().map_err(Failure::input)?;
            print(layout::show(&layout, WIDTH))
        }
        LayoutAction::Check { layout } => {
            let opened = layout::open(layout).map_err(Failure::input)?;
            let segments = opened.final_segments().map_err(Failure::input)?;
            print(format!(
                "{layout}: ok: `{}`, {} steps, {} segments\n",
                opened.name,
                opened.steps.len(),
                segments.len()
            ))
        }
    }
}
