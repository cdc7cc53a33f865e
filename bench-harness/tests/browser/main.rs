//! The page of a run in a real browser: it sorts, filters, answers to mouse and keys, prints, keeps to itself, and names
//! that would like to act do not.
//!
//! Needs Chromium or Chrome from the system's packages; without one it says so and passes.

mod driver;
mod record;

use std::path::Path;

use assert_cmd::Command;
use bench_harness::record::SampleRow;
use data_encoding::BASE64;
use driver::Browser;
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn the_page_works_in_a_browser() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: no chromium, chromium-browser or google-chrome on the PATH");
        return;
    };
    let dir = TempDir::new().expect("a folder");
    let samples = record::write(&dir.path().join("run"));
    let mut program = Command::cargo_bin("bench-harness").expect("the program is built");
    program.args(["report", "run"]).current_dir(dir.path()).assert().success();
    let url = format!("file://{}", page(dir.path()));
    // An address that leads nowhere, and is no encoded name.
    browser.open(&format!("{url}#%"));

    sorts(&mut browser);
    filters(&mut browser);
    shows_samples(&mut browser, &samples);
    fits(&mut browser);
    is_well_made(&mut browser);
    let lengths = prints(&mut browser);
    assert!(lengths > 20_000, "a PDF of {lengths} bytes has lost something");
    keeps_to_itself(&mut browser, &url);
    let whole = page(dir.path());
    thinned(&mut browser, &whole);
    lacks_one(&mut browser, &whole);
}

fn page(dir: &Path) -> String {
    let path = dir.join("run/report/index.html").canonicalize().expect("a page was written");
    path.to_str().expect("a plain path").to_owned()
}

const TABLE: &str = "document.querySelector('table.overview')";

/// What the rows of the overview show, from top to bottom: their names.
fn rows(browser: &mut Browser) -> Vec<String> {
    let names = browser.value(&format!(
        "Array.from({TABLE}.tBodies[0].rows).filter(r => !r.hidden).map(r => r.dataset.name)"
    ));
    let names = names.as_array().expect("a list").iter();
    names.map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn sorts(browser: &mut Browser) {
    let [array, tree, plugin, attribute] = record::BACKENDS.map(String::from);
    let recorded = [&array, &tree, &plugin, &attribute].map(String::clone);
    assert_eq!(rows(browser), recorded);
    let head = |column: usize| format!("{TABLE}.tHead.rows[0].cells[{column}]");
    let button = |column: usize| format!("{}.querySelector('button')", head(column));
    let order = |browser: &mut Browser, column| {
        browser.text(&format!("{}.getAttribute('aria-sort')", head(column)))
    };
    assert_eq!(order(browser, 1), "none");
    browser.click(&button(1));
    assert_eq!(order(browser, 1), "ascending");
    let cheapest_first = [&plugin, &array, &attribute, &tree].map(String::clone);
    assert_eq!(rows(browser), cheapest_first);
    browser.click(&button(1));
    assert_eq!(order(browser, 1), "descending");
    let dearest_first: Vec<String> = cheapest_first.iter().rev().cloned().collect();
    assert_eq!(rows(browser), dearest_first);
    // The same by keys: back to the column of names.
    browser.value(&format!("{}.focus()", button(0)));
    browser.press("Enter", 13, "\r");
    assert_eq!((order(browser, 0), order(browser, 1)), ("ascending".into(), "none".into()));
    assert_eq!(rows(browser), [&attribute, &array, &plugin, &tree].map(String::clone));
    browser.press("Enter", 13, "\r");
    browser.press("Enter", 13, "\r");
    assert_eq!(rows(browser), recorded, "the third time as recorded");
}

fn filters(browser: &mut Browser) {
    let count = "document.querySelector('[data-count]').textContent";
    assert_eq!(browser.text(count), "4 of 4 backends, 3 of 3 layouts shown");
    browser.click("document.querySelector('[data-filter=backend]')");
    browser.write("TREE");
    assert_eq!(rows(browser), ["rbtree"]);
    assert_eq!(browser.text(count), "1 of 4 backends, 3 of 3 layouts shown");
    for _ in 0..4 {
        browser.press("Backspace", 8, "");
    }
    assert_eq!(rows(browser).len(), 4);
    browser.press("Tab", 9, "");
    browser.write("<script>");
    assert_eq!(browser.text(count), "4 of 4 backends, 2 of 3 layouts shown");
    let shown = browser.value(&format!(
        "Array.from({TABLE}.rows).map(r => Array.from(r.cells).filter(c => c.offsetWidth).length)"
    ));
    assert_eq!(shown, json!([3, 3, 3, 3, 3]), "heads and cells alike");
    for _ in 0.."<script>".len() {
        browser.press("Backspace", 8, "");
    }
    assert_eq!(browser.text(count), "4 of 4 backends, 3 of 3 layouts shown");
}

const READOUT: &str = "document.querySelector('[data-readout]').textContent";
const PLOT: &str = "document.querySelector('[data-plot]')";

/// The sample that the chart tells about.
#[track_caller]
fn told<'s>(said: &str, samples: &'s [SampleRow]) -> &'s SampleRow {
    let matches = |sample: &&SampleRow| {
        let start = format!("{}: ", sample.backend);
        let middle = format!(
            "; process {}, round {}, {}",
            sample.process,
            sample.round,
            sample.position + 1
        );
        // The chart begins with the first layout's largest batch.
        sample.layout == record::LAYOUTS[0]
            && sample.lookups == 100_000
            && said.starts_with(&start)
            && said.contains(&middle)
    };
    let found: Vec<&SampleRow> = samples.iter().filter(matches).collect();
    assert_eq!(found.len(), 1, "{said}");
    let each = found[0].elapsed_ns as f64 / 100_000.0;
    let figure = said[found[0].backend.len() + 2..].split(' ').next().expect("a figure");
    let figure: f64 = figure.parse().expect("a number");
    assert!((figure - each).abs() < 0.01, "{said} is not {each}");
    found[0]
}

fn shows_samples(browser: &mut Browser, samples: &[SampleRow]) {
    let before = browser.text(READOUT);
    let [left, top, width, height] = browser.place(PLOT);
    // Over the chart until there is a point near the mouse, which need not be in the middle.
    let steps = (1..10).flat_map(|down| (1..10).map(move |right| (right, down)));
    for (right, down) in steps {
        let at = |start: f64, length: f64, step: i32| start + length * f64::from(step) / 10.0;
        browser.mouse("mouseMoved", at(left, width, right), at(top, height, down));
        browser.value("new Promise(done => requestAnimationFrame(() => done(true)))");
        if browser.text(READOUT) != before {
            break;
        }
    }
    let hovered = told(&browser.text(READOUT), samples).clone();
    // On from there by keys: to the first sample of that backend, the next, and another backend's.
    browser.value(&format!("{PLOT}.focus()"));
    browser.press("Home", 36, "");
    let first = told(&browser.text(READOUT), samples).clone();
    assert_eq!((&first.backend, first.process, first.round), (&hovered.backend, 0, 0));
    browser.press("ArrowRight", 39, "");
    let second = told(&browser.text(READOUT), samples).clone();
    assert_eq!((&second.backend, second.process, second.round), (&first.backend, 0, 1));
    browser.press("ArrowDown", 40, "");
    let other = told(&browser.text(READOUT), samples).clone();
    assert_ne!(other.backend, second.backend);
    assert_eq!((other.process, other.round), (0, 1));
    browser.press("End", 35, "");
    let last = told(&browser.text(READOUT), samples);
    assert_eq!((last.process, last.round), (1, 5));
    hides(browser);
}

/// A backend that is hidden takes the ring around its sample with it.
fn hides(browser: &mut Browser) {
    let drawn = format!(
        "(c => {{ const blank = document.createElement('canvas'); \
         [blank.width, blank.height] = [c.width, c.height]; \
         return c.toDataURL() !== blank.toDataURL(); }})\
         ({PLOT}.querySelectorAll('canvas')[1])"
    );
    let text = browser.text(READOUT);
    assert_eq!(browser.value(&drawn), json!(true), "a ring around {text}");
    let series = record::BACKENDS.iter().position(|name| text.starts_with(&format!("{name}: ")));
    let label = format!(
        "document.querySelector('[data-series=\"{}\"]')",
        series.expect("one of the backends")
    );
    browser.click(&label);
    assert_eq!(browser.value(&drawn), json!(false), "{}", browser.text(READOUT));
    assert!(browser.text(READOUT).starts_with("Point at a sample"));
    browser.click(&label);
    assert_eq!(browser.value(&format!("{label}.checked")), json!(true));
}

/// The page with other samples, in a file beside it, open and with the focus in its chart.
fn open_changed(browser: &mut Browser, whole: &str, name: &str, change: fn(&mut Value)) {
    let text = std::fs::read_to_string(whole).expect("the page");
    let (before, rest) = text.split_once("id=\"samples-data\">").expect("samples");
    let (data, after) = rest.split_once("</script>").expect("an end of them");
    let mut data: Value = serde_json::from_str(data).expect("JSON");
    change(&mut data);
    let data = data.to_string().replace('<', "\\u003c");
    let path = format!("{whole}.{name}.html");
    let text = format!("{before}id=\"samples-data\">{data}</script>{after}");
    std::fs::write(&path, text).expect("a page beside it");
    browser.open(&format!("file://{path}"));
    browser.value(&format!("{PLOT}.focus()"));
}

/// A page with but one of so many rounds does not say how much was timed before.
fn thinned(browser: &mut Browser, whole: &str) {
    let mut said = |name, change| {
        open_changed(browser, whole, name, change);
        browser.press("Home", 36, "");
        browser.text(READOUT)
    };
    let all = said("whole", |_| {});
    assert!(all.contains(" of 60, after ") && all.ends_with(" of timed batches"), "{all}");
    let some = said("thinned", |data| data["thinned"] = json!(true));
    assert!(some.contains("a batch of ") && !some.contains(" of timed batches"), "{some}");
    assert!(all.starts_with(&some), "{some}");
}

/// In a round without one of its backends the others keep their turns, of as many as there were.
fn lacks_one(browser: &mut Browser, whole: &str) {
    // The second of round 2 is the fourth backend; after it are the baseline, `array` and `rbtree`.
    open_changed(browser, whole, "lacking", |data| {
        let batch = data["batches"].as_array_mut().expect("batches");
        let shown = |batch: &&mut Value| {
            batch["of"].as_str().is_some_and(|of| of.starts_with(record::LAYOUTS[0]))
                && batch["lookups"] == json!(100_000)
        };
        let series = &mut batch.iter_mut().find(shown).expect("the batch shown")["series"][3];
        for list in ["ns", "places"] {
            series[list].as_array_mut().expect("a list").remove(2);
        }
        series["rounds"] = (0..12).filter(|round| *round != 2).collect();
    });
    for key in ["Home", "ArrowRight", "ArrowRight"] {
        let code = if key == "Home" { 36 } else { 39 };
        browser.press(key, code, "");
    }
    let said = browser.text(READOUT);
    assert!(said.starts_with("array: ") && said.contains("round 2, 4th of 5 in"), "{said}");
    browser.press("ArrowDown", 40, "");
    let said = browser.text(READOUT);
    assert!(said.starts_with("rbtree: ") && said.contains("round 2, 5th of 5 in"), "{said}");
}

/// No page is wider than its window; what is wide scrolls in its own box.
fn fits(browser: &mut Browser) {
    for width in [1600, 1000, 400] {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.call("Emulation.setDeviceMetricsOverride", size);
        let root = "document.documentElement";
        let fits = browser.value(&format!("{root}.scrollWidth <= {root}.clientWidth"));
        assert_eq!(fits, json!(true), "{width}");
    }
    browser.call("Emulation.clearDeviceMetricsOverride", json!({}));
    legible(browser);
}

/// By day and by night every colour is of the scheme, and text stands out from what is behind it: WCAG 2.2 asks for 4.5.
fn legible(browser: &mut Browser) {
    let ground = "getComputedStyle(document.body).backgroundColor";
    let scheme = |browser: &mut Browser, value: &str| {
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        browser.call("Emulation.setEmulatedMedia", json!({ "features": features }));
        browser.text(ground)
    };
    let faint = "(() => {
        const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
        const light = colour => numbers(colour).slice(0, 3)
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
        const behind = e => {
            const ground = getComputedStyle(e).backgroundColor;
            const clear = numbers(ground)[3] === 0;
            return clear && e.parentElement ? behind(e.parentElement) : ground;
        };
        const written = e => Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim());
        const seen = e => e.getClientRects().length && !e.closest('svg') && written(e);
        const ratio = e => {
            const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        };
        return Array.from(document.body.querySelectorAll('*')).filter(seen).filter(e => ratio(e) < 4.5)
            .map(e => e.tagName + ' ' + e.className + ' ' + ratio(e).toFixed(2));
    })()";
    let grounds = ["light", "dark"].map(|name| {
        let ground = scheme(browser, name);
        assert_eq!(browser.value(faint), json!([]), "{name}");
        ground
    });
    assert_ne!(grounds[0], grounds[1]);
}

/// Links lead somewhere, no two things have one name, and what is named like a script is text.
fn is_well_made(browser: &mut Browser) {
    let dangling = "Array.from(document.querySelectorAll('a[href^=\"#\"]')).map(a => a.hash.slice(1))\
                    .filter(id => !document.getElementById(id))";
    assert_eq!(browser.value(dangling), json!([]));
    let twice = "(ids => ids.filter((id, at) => ids.indexOf(id) !== at))\
                 (Array.from(document.querySelectorAll('[id]')).map(e => e.id))";
    assert_eq!(browser.value(twice), json!([]));
    assert_eq!(browser.value("document.scripts.length"), json!(2), "ours and the samples");
    assert_eq!(browser.value("document.images.length"), json!(0));
    let names = browser.text(&format!("{TABLE}.tHead.textContent"));
    assert!(names.contains(record::SCRIPT), "{names}");
    let unnamed = "document.querySelectorAll('figure svg:not([aria-label])').length";
    assert_eq!(browser.value(unnamed), json!(0));
    // On paper nothing is folded away, and afterwards all is as before.
    let folded = "document.querySelectorAll('details.group:not([open])').length";
    browser.value("document.querySelectorAll('details.group').forEach(e => { e.open = false; })");
    let before = browser.value(folded);
    assert_eq!(before, json!(record::LAYOUTS.len()));
    browser.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.value(folded), json!(0));
    browser.value("dispatchEvent(new Event('afterprint'))");
    assert_eq!(browser.value(folded), before);
    // A link to tables that are folded away unfolds them.
    browser.value("location.hash = document.querySelector('details.group:last-of-type').id");
    browser.wait_for("document.querySelector('details.group:last-of-type').open");
}

/// Prints the page; how long the PDF is.
fn prints(browser: &mut Browser) -> usize {
    let printed = browser.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    let data = printed["data"].as_str().expect("a PDF");
    let pdf = BASE64.decode(data.as_bytes()).expect("base64");
    assert!(pdf.starts_with(b"%PDF"));
    pdf.len()
}

/// Nothing was fetched but the page itself, nothing went wrong, and nobody asked anything.
fn keeps_to_itself(browser: &mut Browser, url: &str) {
    let strangers: Vec<&Value> = browser
        .named("Network.requestWillBeSent")
        .into_iter()
        .map(|event| &event["params"]["request"]["url"])
        .filter(|asked| {
            let asked = asked.as_str().unwrap_or_default();
            !asked.starts_with(url) && !asked.starts_with("data:")
        })
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    for trouble in
        ["Page.javascriptDialogOpening", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"]
    {
        assert!(browser.named(trouble).is_empty(), "{:?}", browser.named(trouble));
    }
    let entries = browser.named("Log.entryAdded");
    assert!(entries.is_empty(), "{entries:?}");
}
