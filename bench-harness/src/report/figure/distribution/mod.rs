//! How the runs of a layout's largest number of lookups are distributed: the share of them that took so long
//! or less, a step curve for each backend.
//!
//! A violin would smooth twenty runs into a shape that nobody measured. A step curve has every run in it and
//! nothing else: its height is a share, its slope how alike the runs are, a tail to the right what was
//! interrupted. Above in nanoseconds, where backends can be compared; below each relative to its own median,
//! where their spreads can. Of many backends only the latter, a strip each.

mod draw;

use super::super::ReportError;
use super::super::field::is_crowd;
use super::super::numbers::{count, finite, fixed, significant};
use super::super::text::clean;
use super::super::view::{Batch, Group, View, mean};
use super::Figure;
use super::axis::{Axis, Fit};
use super::data::{self, Rows};
use super::frame::{Frame, Key, Symbol};
use super::lane::thinned;
use super::looks::look;
use super::rounds::FEWEST;
use super::runs::finish;
use super::spans::{scale, span, union};
use super::style::{ANY_LOOK, Look, WIDTH};
use crate::record::{BASELINE, SummaryRow};
use draw::{Across, Sheet};

/// Steps of one curve.
const MOST_STEPS: usize = 300;

/// A backend's runs by their time.
struct Curve<'a> {
    name: &'a str,
    look: Look,
    /// All of them in seconds a batch, the shortest first.
    sorted: Vec<f64>,
    median_s: f64,
    /// Those that are drawn: how many took so long or less, and how long.
    steps: Vec<(usize, f64)>,
    /// What most of its runs span, in seconds.
    span: (f64, f64),
}

impl Curve<'_> {
    fn relative_pct(&self, seconds: f64) -> f64 {
        (seconds - self.median_s) / self.median_s * 100.0
    }

    fn runs(&self) -> usize {
        self.sorted.len()
    }

    fn share(&self, rank: usize) -> f64 {
        rank as f64 / self.runs().max(1) as f64
    }
}

/// The figure of a group, or `None` where no backend has [`FEWEST`] runs.
pub(super) fn figure(view: &View<'_>, group: &Group<'_>) -> Option<Result<Figure, ReportError>> {
    let batch = group.largest()?;
    let backends = || batch.rows.iter().filter(|row| row.backend != BASELINE);
    let curves: Vec<Curve<'_>> = backends().filter_map(|row| curve(view, batch, row)).collect();
    if curves.is_empty() {
        return None;
    }
    let ns = |(low, high): (f64, f64)| (batch.ns(low), batch.ns(high));
    let spans = curves.iter().map(|curve| ns(curve.span));
    let (low, high) = spans.reduce(union)?;
    let absolute = Axis::fitted([low, high], Fit::Close(20));
    // No time is less than none.
    let absolute = if absolute.low < 0.0 { Axis::linear(0.0, absolute.high) } else { absolute };
    let relative =
        |curve: &Curve<'_>| (curve.relative_pct(curve.span.0), curve.relative_pct(curve.span.1));
    let relative = scale(curves.iter().map(relative).fold((-0.05, 0.05), union));
    let apart = is_crowd(view);
    let sheet = Sheet {
        batch,
        curves: &curves,
        across: if apart {
            vec![Across::Relative(relative)]
        } else {
            vec![Across::Nanoseconds(absolute), Across::Relative(relative)]
        },
        apart,
    };
    let left_out = backends().filter(|row| mean(row).is_some()).count() - curves.len();
    let frame = Frame {
        width: WIDTH,
        title: format!(
            "Distribution of runs: {} lookups on {}",
            count(batch.lookups),
            clean(group.layout)
        ),
        keys: keys(batch, &curves, apart, sheet.clips()),
        caption: caption(group, &sheet, left_out),
    };
    let drawn = frame.draw(sheet.height(), |canvas, top| sheet.draw(canvas, top));
    let rows = rows(group, batch, &curves);
    let figure = finish(format!("distribution-{}.svg", group.stem), &frame, drawn);
    Some(figure.and_then(|figure| figure.with(&rows, [group])))
}

fn curve<'a>(view: &View<'_>, batch: &Batch<'_>, row: &'a SummaryRow) -> Option<Curve<'a>> {
    mean(row)?;
    let median_s = finite(row.median_s).filter(|median| *median > 0.0)?;
    let mut samples = batch.samples(&row.backend).to_vec();
    if samples.len() < FEWEST {
        return None;
    }
    samples.sort_unstable_by(f64::total_cmp);
    let steps = thinned(&samples, MOST_STEPS);
    Some(Curve {
        name: &row.backend,
        look: look(&row.backend, &view.backends),
        median_s,
        steps: steps.into_iter().map(|(index, seconds)| (index + 1, seconds)).collect(),
        span: span(samples.iter().copied())?,
        sorted: samples,
    })
}

/// What a backend's runs sum up to.
fn note(batch: &Batch<'_>, curve: &Curve<'_>) -> String {
    let median = significant(batch.ns(curve.median_s), 4);
    format!("median {median} ns, n = {}", curve.runs())
}

fn keys(batch: &Batch<'_>, curves: &[Curve<'_>], apart: bool, clips: bool) -> Vec<Key> {
    let key = |curve: &Curve<'_>| Key {
        symbol: Symbol::Mark(curve.look),
        text: format!("{}: {}", clean(curve.name), note(batch, curve)),
    };
    // Strips have their names above them.
    let mut keys: Vec<Key> = if apart { Vec::new() } else { curves.iter().map(key).collect() };
    keys.push(Key { symbol: Symbol::Run(ANY_LOOK), text: "one run".to_owned() });
    if !apart {
        keys.push(Key { symbol: Symbol::Ringed(ANY_LOOK), text: "median".to_owned() });
    }
    if clips {
        let look = Look { shape: super::shape::Shape::TriangleRight, ..ANY_LOOK };
        keys.push(Key { symbol: Symbol::Mark(look), text: "beyond the scale".to_owned() });
    }
    keys
}

fn caption(group: &Group<'_>, sheet: &Sheet<'_, '_>, left_out: usize) -> String {
    let mut text = format!(
        "{}; gross. Height: the share of a backend's runs that took so long or less; each step is a run.",
        group.setting
    );
    text += if sheet.apart {
        " Each strip relative to its own median, the upright line, all on one scale."
    } else {
        " Above in nanoseconds; below relative to each backend's own median, the upright line."
    };
    let runs = || sheet.curves.iter().map(Curve::runs);
    let (least, most) = (runs().min().unwrap_or(0), runs().max().unwrap_or(0));
    let n = if least == most { most.to_string() } else { format!("{least} to {most}") };
    // Dvoretzky, Kiefer, Wolfowitz 1956 with Massart's constant, 1990: sqrt(ln(2 / 0.05) / 2n).
    let band = |runs: usize| ((2.0_f64 / 0.05).ln() / (2.0 * runs.max(1) as f64)).sqrt().min(1.0);
    let bands = if least == most {
        fixed(band(most), 2)
    } else {
        format!("{} (the more runs) to {}", fixed(band(most), 2), fixed(band(least), 2))
    };
    text += &format!(
        " n = {n} runs each; were they independent, the true curve would lie within {bands} above and below in 95 \
         % of cases (Dvoretzky, Kiefer, Wolfowitz)."
    );
    if !sheet.apart && sheet.across.iter().any(Across::is_logarithmic) {
        text += " Nanoseconds on a logarithmic scale.";
    }
    text += &sheet.beyond();
    if left_out > 0 {
        text += &format!(" Left out: {left_out} with fewer than {FEWEST} runs.");
    }
    let drawn: usize = sheet.curves.iter().map(|curve| curve.steps.len()).sum();
    let measured: usize = runs().sum();
    if drawn < measured {
        text += &format!(
            " {drawn} of {measured} runs are drawn, evenly spread and always the extremes."
        );
    }
    text
}

fn rows(group: &Group<'_>, batch: &Batch<'_>, curves: &[Curve<'_>]) -> Rows {
    let columns =
        ["runs", "rank", "share", "time_s", "ns_per_lookup", "median_s", "change_from_median_pct"];
    let mut rows = Rows::new(&columns);
    for curve in curves {
        let Group { layout, setting, .. } = *group;
        let key = data::Key { layout, setting, lookups: batch.lookups, backend: curve.name };
        for &(rank, seconds) in &curve.steps {
            let cells = [
                (curve.runs() as u64).into(),
                (rank as u64).into(),
                curve.share(rank).into(),
                seconds.into(),
                batch.ns(seconds).into(),
                curve.median_s.into(),
                curve.relative_pct(seconds).into(),
            ];
            rows.push(key, cells);
        }
    }
    rows
}
