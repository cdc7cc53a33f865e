//! The page as a whole: well-formed, the same each time, light, sensible for odd runs, and deaf to what names say.

use roxmltree::{Document, Node};

use super::page;
use crate::record::Run;
use crate::report::figure::draw_all;
use crate::report::synthetic::{Cost, Maker, reproduction};
use crate::report::view::View;

const SCRIPT: &str = "<script>alert(1)</script>";
const PAIR: [Cost<'static>; 2] = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];

fn html(run: &Run) -> String {
    let view = View::new(run);
    page(&view, &draw_all(&view).unwrap()).unwrap()
}

fn made(build: impl Fn(&mut Maker)) -> Run {
    let mut maker = Maker::new();
    build(&mut maker);
    maker.run
}

/// The page as XML: without its own script and style, which are no XML, and with elements that have no end closed.
fn as_xml(html: &str) -> String {
    let mut text = html.strip_prefix("<!DOCTYPE html>").expect("a document type").to_owned();
    for name in ["style", "script"] {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        let from = text.find(&start).expect("ours") + start.len();
        let to = from + text[from..].find(&end).expect("its end");
        text.replace_range(from..to, "");
    }
    let mut whole = String::new();
    for piece in text.split_inclusive('>') {
        let Some(at) = piece.rfind('<') else {
            whole += piece;
            continue;
        };
        let (before, tag) = piece.split_at(at);
        whole += before;
        let bare =
            ["meta", "link", "input"].iter().any(|name| tag.starts_with(&format!("<{name} ")));
        whole += &valued(tag);
        if bare {
            whole.truncate(whole.len() - 1);
            whole += "/>";
        }
    }
    whole.replace("&nbsp;", " ")
}

/// Gives attributes without a value an empty one.
fn valued(tag: &str) -> String {
    let names = [
        "data-explorer",
        "data-controls",
        "data-question",
        "data-count",
        "data-batch",
        "data-log",
        "data-plot",
        "data-readout",
        "hidden",
        "open",
        "download",
        "selected",
        "checked",
    ];
    let mut tag = tag.to_owned();
    for name in names {
        tag = tag.replace(&format!(" {name} "), &format!(" {name}=\"\" "));
        tag = tag.replace(&format!(" {name}>"), &format!(" {name}=\"\">"));
    }
    tag
}

fn all<'d>(document: &'d Document<'_>, name: &str) -> Vec<Node<'d, 'd>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// What has to hold for every page.
#[track_caller]
pub(in crate::report) fn check(name: &str, html: &str) {
    let xml = as_xml(html);
    // Elements of SVG have a namespace of their own; the others none.
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut ids: Vec<&str> = document.descendants().filter_map(|n| n.attribute("id")).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{name}: an id twice");
    for link in all(&document, "a") {
        let href = link.attribute("href").expect("a link leads somewhere");
        assert!(!href.contains(':') || href.starts_with("data:text/csv"), "{name}: {href}");
        if let Some(id) = href.strip_prefix('#') {
            assert!(ids.binary_search(&id).is_ok(), "{name}: {href} leads nowhere");
        }
    }
    for table in all(&document, "table") {
        let cells = table.descendants().filter(|node| node.has_tag_name("th"));
        assert!(cells.clone().count() > 0 && cells.clone().all(|th| th.has_attribute("scope")));
    }
    assert_eq!(all(&document, "h1").len(), 1, "{name}");
    assert_eq!(all(&document, "main").len(), 1, "{name}");
    let scripts = all(&document, "script");
    assert!(scripts.len() <= 2, "{name}");
    for node in document.descendants().filter(Node::is_element) {
        let acts = node.attributes().any(|attribute| attribute.name().starts_with("on"));
        assert!(!acts && !["img", "iframe", "object"].contains(&node.tag_name().name()), "{name}");
    }
    let policy = all(&document, "meta").into_iter().find_map(|meta| {
        let policy = meta.attribute("http-equiv") == Some("Content-Security-Policy");
        policy.then(|| meta.attribute("content").unwrap_or_default().to_owned())
    });
    assert!(policy.is_some_and(|policy| policy.starts_with("default-src 'none'")), "{name}");
    for address in html.match_indices("http").map(|(at, _)| &html[at..]) {
        // The name of SVG's elements, and of what the policy stands in for; nothing is fetched from either.
        assert!(
            address.starts_with("http://www.w3.org/2000/svg") || address.starts_with("http-equiv"),
            "{name}: {}",
            &address[..40]
        );
    }
}

fn hostile() -> Run {
    made(|maker| {
        for layout in
            [SCRIPT, "</script><script>alert(2)</script>", "\"'><img src=x onerror=alert(3)>"]
        {
            let costs =
                [Cost("array", 7.4, 0.02), Cost("plugin:<script>alert(1)</script>.so", 9.0, 0.02)];
            maker.batch(layout, 1000, 3, 1.5, &costs);
            maker.unsupported(layout, 1000, "<b>bold", SCRIPT);
        }
        let environment = &mut maker.run.environment;
        environment.warnings = vec![SCRIPT.to_owned(), "`<i>`".to_owned()];
        environment.command_line = ["bench-harness", SCRIPT, "</script>"].map(String::from).into();
        environment.run_id = SCRIPT.to_owned();
        environment.cpu_model = SCRIPT.to_owned();
        environment.plan = serde_json::json!({ "reference": "array" });
    })
}

#[test]
fn odd_runs_have_a_sensible_page() {
    let one = made(|maker| {
        maker.batch("alone", 1000, 5, 1.0, &[Cost("array", 5.0, 0.1)]);
    });
    let nothing = made(|maker| {
        maker.unsupported("big", 1000, "array", "capacity 32 < 8161 segments");
    });
    let round = made(|maker| {
        maker.batch("paper-32x8", 1000, 1, 1.5, &PAIR);
    });
    let mut cut = reproduction(2);
    cut.environment.plan = serde_json::json!({ "reference": "array" });
    let says = |name: &str, run: &Run, words: &[&str]| {
        let html = html(run);
        check(name, &html);
        for words in words {
            assert!(html.contains(words), "{name}: {words}");
        }
    };
    says("one backend", &one, &["Nothing was compared", "data-explorer"]);
    says("nothing works", &nothing, &["capacity 32 &#60; 8161 segments", ">unsupported<"]);
    says("one round", &round, &["no verdict"]);
    says("cut off", &cut, &["<strong>Unfinished.</strong>", "--resume goes on"]);
    assert!(!html(&nothing).contains("samples-data\">"), "no samples, no chart");
}

#[test]
fn names_stay_text_wherever_they_stand() {
    let run = hostile();
    let html = html(&run);
    check("hostile", &html);
    assert_eq!(html.matches("<script").count(), 2, "ours and the samples");
    assert_eq!(html.matches("</script").count(), 2);
    let data =
        html.split("id=\"samples-data\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(!data.contains(['<', '>', '&']));
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["names"][1], "plugin:<script>alert(1)</script>.so");
    assert!(
        data["batches"]
            .as_array()
            .unwrap()
            .iter()
            .any(|batch| { batch["of"].as_str().unwrap().starts_with(SCRIPT) })
    );
    let xml = as_xml(&html);
    let document = Document::parse(&xml).unwrap();
    let shown = |name: &str, words: &str| {
        all(&document, name).iter().any(|node| node.text().is_some_and(|text| text.contains(words)))
    };
    assert!(shown("title", SCRIPT) && shown("option", SCRIPT) && shown("h3", SCRIPT));
    assert!(shown("li", SCRIPT) && shown("code", "<i>") && shown("dd", SCRIPT));
}

/// What was told from the reference is shaded, with its word in the cell; the rest is not.
#[test]
fn cells_say_in_words_what_their_shade_says() {
    let mut run = made(|maker| {
        let costs = [
            Cost("array", 9.5, 0.01),
            Cost("rbtree", 20.5, 0.01),
            Cost("section", 3.5, 0.01),
            Cost("btree", 9.5, 0.01),
        ];
        maker.batch("paper-32x8", 100_000, 10, 1.5, &costs);
    });
    let row = run.comparison.iter_mut().find(|row| row.backend == "btree").unwrap();
    row.verdict = Some("inconclusive".to_owned());
    let html = html(&run);
    let xml = as_xml(&html);
    let document = Document::parse(&xml).unwrap();
    let table =
        all(&document, "table").into_iter().find(|t| t.attribute("class") == Some("overview"));
    let cell = |backend: &str| {
        let rows = table.unwrap().descendants().filter(|node| node.has_tag_name("tr"));
        let row = rows.into_iter().find(|row| row.attribute("data-name") == Some(backend)).unwrap();
        let cell = row.children().find(|node| node.has_tag_name("td")).unwrap();
        let text: String = cell.descendants().filter_map(|node| node.text()).collect();
        (cell.attribute("class").unwrap().to_owned(), text)
    };
    let (class, text) = cell("rbtree");
    assert!(class == "n s3" && text.contains("x slower ["), "{class}: {text}");
    let (class, text) = cell("section");
    assert!(
        class == "n f4" && text.contains("x faster [") && text.contains("least"),
        "{class}: {text}"
    );
    let (class, text) = cell("btree");
    assert!(class == "n" && text.contains("inconclusive"), "{class}: {text}");
    let (class, text) = cell("array");
    assert!(class == "n" && text.contains("reference"), "{class}: {text}");
}

#[test]
fn figures_name_the_rows_that_they_come_from() {
    let run = reproduction(3);
    let view = View::new(&run);
    let mut figures = draw_all(&view).unwrap();
    for figure in &mut figures {
        figure.groups = view.groups.iter().map(|group| group.stem.clone()).collect();
        figure.data = Some(format!("what\n{SCRIPT}\n"));
    }
    let html = page(&view, &figures).unwrap();
    check("figures", &html);
    for group in &view.groups {
        assert!(html.contains(&format!("href=\"#rows-{}\"", group.stem)), "{}", group.stem);
    }
    assert_eq!(html.matches("data:text/csv;charset=utf-8;base64,").count(), figures.len());
}

/// A margin of all rounds stands beside an interval of few processes; the note says what each is of.
#[test]
fn the_note_says_where_margins_leave_out_processes() {
    let mut run = reproduction(18);
    let note = |run: &Run| html(run).contains("Margins take all rounds as independent");
    assert!(!note(&run));
    for row in &mut run.comparison {
        (row.unit, row.units) = ("process".to_owned(), 3);
    }
    assert!(note(&run) && html(&run).contains("bounds and verdicts count 3 processes as evidence"));
    check("processes", &html(&run));
}

/// A hundred thousand samples fit a page that can be mailed; the runs of the paper's profile one that is light.
#[test]
fn pages_stay_light() {
    let paper = html(&reproduction(100));
    assert!(paper.len() < 1_500_000, "{} bytes", paper.len());
    let run = made(|maker| {
        for lookups in [1_000, 10_000, 100_000] {
            maker.batch("paper-32x8", lookups, 11_112, 1.5, &PAIR);
        }
    });
    assert!(run.samples.len() >= 100_000);
    let view = View::new(&run);
    let html = page(&view, &[]).unwrap();
    assert!(html.len() < 2_000_000, "{} bytes", html.len());
    assert!(!html.contains("one round of"), "nothing left out");
}
