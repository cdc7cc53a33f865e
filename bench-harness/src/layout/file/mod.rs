//! The layout file: TOML text in, a checked [`Layout`] out. docs/FORMATS.md describes it for users.
//!
//! serde reads keys and values ([`raw`]); what it cannot say (ranges, one action a step) is done
//! here. Every error carries its line, found from the byte offsets that the TOML parser keeps
//! ([`places`]).

mod places;
mod raw;

use std::ops::Range;

use physseg::{FrameRange, PageSize, Pfn};
use toml::Spanned;

use super::PHYSSEG_MAX_DEFAULT;
use super::check::{check_lookups, check_name, check_physseg_max, check_text};
use super::error::{LayoutError, Problem};
use super::model::{Every, Layout, LookupRange, Origin, Step, StepKind};
use places::{Lines, StepPlaces};
use raw::{Number, RawLayout, RawLookups, RawStep, RawUnplug};

/// Reads the layout in `text`; `place` is what messages call the file.
pub(super) fn parse(text: &str, place: &str, origin: Origin) -> Result<Layout, LayoutError> {
    let reader = Reader { place, lines: Lines::new(text) };
    let raw: RawLayout = toml::from_str(text).map_err(|error| reader.refused(text, &error))?;
    reader.layout(raw, origin)
}

/// What is needed to say where something stands.
struct Reader<'a> {
    place: &'a str,
    lines: Lines,
}

impl Reader<'_> {
    fn error(&self, span: &Range<usize>, step: Option<usize>, problem: Problem) -> LayoutError {
        LayoutError::new(self.place, problem).at(Some(self.lines.line(span.start)), step)
    }

    /// What the TOML parser or serde refused, in the words of this format.
    fn refused(&self, text: &str, error: &toml::de::Error) -> LayoutError {
        let steps = StepPlaces::find(text);
        let problem = match steps {
            None => Problem::NotToml(raw::in_our_words(error.message())),
            Some(_) => Problem::NotALayout(raw::in_our_words(error.message())),
        };
        match error.span() {
            None => LayoutError::new(self.place, problem),
            Some(span) => {
                let step = steps.and_then(|steps| steps.step_at(span.start));
                self.error(&span, step, problem)
            }
        }
    }

    fn layout(&self, raw: RawLayout, origin: Origin) -> Result<Layout, LayoutError> {
        self.value(&raw.name, |name: &String| check_name(name))?;
        let description = self.text("description", raw.description)?;
        let source = self.text("source", raw.source)?;
        let page_size = match raw.page_size {
            None => PageSize::FOUR_KIB,
            Some(bytes) => self.value(&bytes, |&Number(bytes)| {
                PageSize::new(bytes).ok_or(Problem::BadPageSize(bytes))
            })?,
        };
        let physseg_max = match raw.physseg_max {
            None => PHYSSEG_MAX_DEFAULT,
            Some(segments) => self.value(&segments, |&Number(segments)| {
                check_physseg_max(segments)?;
                usize::try_from(segments).map_err(|_| Problem::BadPhyssegMax(segments))
            })?,
        };
        let mut steps = Vec::with_capacity(raw.step.len());
        for (index, step) in raw.step.iter().enumerate() {
            steps.push(self.step(index + 1, step)?);
        }
        let lookups = match &raw.lookups {
            None => None,
            Some(lookups) => Some(self.value(lookups, |lookups| lookup_range(lookups, page_size))?),
        };
        let mut layout = Layout {
            name: raw.name.into_inner(),
            description,
            source,
            page_size,
            physseg_max,
            steps,
            lookups: lookups.unwrap_or_else(|| addressable(page_size)),
            origin,
        };
        // Checks all steps, whether or not the answer is needed. What comes with the program is known
        // to be right, and takes a second and a GiB of memory where it has tens of millions of segments.
        if layout.origin == Origin::Shipped && lookups.is_some() {
            return Ok(layout);
        }
        let segments = layout
            .final_segments()
            .map_err(|error| LayoutError { file: Some(self.place.to_owned()), ..error })?;
        if lookups.is_none()
            && let Some(range) = span(&segments)
        {
            layout.lookups.range = range;
        }
        Ok(layout)
    }

    /// A value outside the steps, or why it is refused.
    fn value<T, U>(
        &self,
        value: &Spanned<T>,
        check: impl FnOnce(&T) -> Result<U, Problem>,
    ) -> Result<U, LayoutError> {
        check(value.get_ref()).map_err(|problem| self.error(&value.span(), None, problem))
    }

    /// A text that may be left out.
    fn text(
        &self,
        what: &'static str,
        text: Option<Spanned<String>>,
    ) -> Result<String, LayoutError> {
        let Some(text) = text else {
            return Ok(String::new());
        };
        self.value(&text, |text| check_text(what, text))?;
        Ok(text.into_inner())
    }

    fn step(&self, number: usize, step: &Spanned<RawStep>) -> Result<Step, LayoutError> {
        let raw = step.get_ref();
        let (span, kind) = match (&raw.load, &raw.boot, &raw.plug, &raw.unplug) {
            (Some(load), None, None, None) => {
                let value = load.get_ref();
                let split = value.split.map(|Number(frames)| frames);
                let kind =
                    range(value.start, value.end).map(|range| StepKind::Load { range, split });
                (load.span(), kind)
            }
            (None, Some(boot), None, None) => {
                let kind =
                    if *boot.get_ref() { Ok(StepKind::Boot) } else { Err(Problem::BootFalse) };
                (boot.span(), kind)
            }
            (None, None, Some(plug), None) => {
                let value = plug.get_ref();
                let kind = range(value.start, value.end).map(|range| StepKind::Plug { range });
                (plug.span(), kind)
            }
            (None, None, None, Some(unplug)) => (unplug.span(), unplug_step(unplug.get_ref())),
            _ => (step.span(), Err(not_one_action(raw))),
        };
        match kind {
            Ok(kind) => Ok(Step { kind, line: Some(self.lines.line(span.start)) }),
            Err(problem) => Err(self.error(&span, Some(number), problem)),
        }
    }
}

fn range(Number(start): Number, Number(end): Number) -> Result<FrameRange, Problem> {
    let (start, end) = (Pfn::new(start), Pfn::new(end));
    FrameRange::new(start, end).ok_or(Problem::EmptyRange { start, end })
}

fn unplug_step(raw: &RawUnplug) -> Result<StepKind, Problem> {
    let range = range(raw.start, raw.end)?;
    let every = match (raw.every, &raw.frames, raw.seed) {
        (None, None, None) => None,
        (Some(every), Some(frames), Some(seed)) => Some(Every {
            every: every.0,
            frames: match frames.as_slice() {
                [smallest, largest] => (smallest.0, largest.0),
                other => return Err(Problem::NotTwoFrames(other.len())),
            },
            seed: seed.0,
        }),
        (every, frames, _) => {
            let missing = match (every, frames) {
                (None, _) => "every",
                (_, None) => "frames",
                _ => "seed",
            };
            return Err(Problem::IncompleteEvery { missing });
        }
    };
    Ok(StepKind::Unplug { range, every })
}

fn not_one_action(raw: &RawStep) -> Problem {
    let present: Vec<_> = [
        ("load", raw.load.is_some()),
        ("boot", raw.boot.is_some()),
        ("plug", raw.plug.is_some()),
        ("unplug", raw.unplug.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, present)| present.then_some(name))
    .collect();
    Problem::NotOneAction(match present.as_slice() {
        [] => "none".to_owned(),
        several => several.join(" and "),
    })
}

fn lookup_range(raw: &RawLookups, page_size: PageSize) -> Result<LookupRange, Problem> {
    let lookups = LookupRange {
        range: range(raw.start, raw.end)?,
        fold_below: raw.fold_below.map(|Number(frame)| Pfn::new(frame)),
    };
    check_lookups(lookups, page_size)?;
    Ok(lookups)
}

/// All frames there can be.
fn addressable(page_size: PageSize) -> LookupRange {
    let limit = page_size.frame_limit();
    LookupRange {
        range: FrameRange::new(Pfn::ZERO, limit).expect("a page size has at least 2^22 frames"),
        fold_below: None,
    }
}

/// From the first frame of the first segment to the last frame of the last.
pub(super) fn span(segments: &[FrameRange]) -> Option<FrameRange> {
    FrameRange::new(segments.first()?.start(), segments.last()?.end())
}
