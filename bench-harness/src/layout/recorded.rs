//! `recorded:NAME|FILE`: the memory that addresses were recorded on, if the recording has it.

use super::PHYSSEG_MAX_DEFAULT;
use super::error::{LayoutError, Problem};
use super::file::span;
use super::model::{Layout, LookupRange, Origin, StepKind};
use crate::recording::{self, PREFIX};

/// The layout of the recording that `typed` names, all of it loaded at boot.
pub(super) fn of(typed: &str) -> Result<Layout, LayoutError> {
    let place = format!("{PREFIX}{typed}");
    let refused =
        |why: String| LayoutError::new(place.escape_debug().to_string(), Problem::NotRecorded(why));
    let (_, recording) = recording::open(typed).map_err(|error| refused(error.to_string()))?;
    let head = &recording.head;
    let map = head.map.as_ref();
    let Some((map, range)) = map.and_then(|map| Some((map, span(&map.segments)?))) else {
        let why = "the recording does not have the layout that it was made on; name one, as \
                   `this-machine` or a file of `layout import`";
        return Err(refused(why.to_owned()));
    };
    let loads = map.segments.iter().map(|&range| StepKind::Load { range, split: None });
    let layout = Layout {
        name: format!("{PREFIX}{}", head.name),
        description: format!("The memory that `{}` was recorded on, all loaded at boot", head.name),
        source: format!("{}, in the recording {typed}", map.name),
        page_size: head.page_size,
        physseg_max: map.segments.len().max(PHYSSEG_MAX_DEFAULT),
        steps: loads.chain([StepKind::Boot]).map(Into::into).collect(),
        lookups: LookupRange { range, fold_below: None },
        origin: Origin::Path(typed.into()),
    };
    layout.check()?;
    Ok(layout)
}
