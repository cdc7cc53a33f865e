//! Figures inside the page, each with its data, the rows it comes from and the command that makes it again.

use askama::filters::Escaper;
use data_encoding::BASE64;

use super::compact::compact;
use crate::report::figure::Figure;

/// Data of a figure up to this size travel in the page, so that it stays whole when mailed; larger ones stand in a
/// file beside it.
const LARGEST_INSIDE: usize = 256 << 10;
/// All of them together: a page has to stay light.
const ALL_INSIDE: usize = 512 << 10;

/// A figure wider than this, in pixels, has a line of the page to itself.
const BROAD: u32 = 800;

/// A figure of the page.
pub(super) struct Picture {
    pub id: String,
    pub title: String,
    pub caption: String,
    /// Too wide to stand beside another.
    pub broad: bool,
    /// The drawing, to be inserted as it is.
    pub svg: String,
    /// The same as a file beside the page.
    pub file: String,
    pub data: Option<Data>,
    pub rows: Vec<Link>,
    pub again: String,
}

/// Where the data of a figure are.
pub(super) struct Data {
    pub href: String,
    /// What the file is called once it is saved.
    pub file: String,
}

/// A group of rows.
pub(super) struct Link {
    pub stem: String,
    pub words: String,
}

/// The figures; `words` says what the rows of a group are, if there is one of that stem.
pub(super) fn pictures(
    figures: &[Figure],
    again: &str,
    words: impl Fn(&str) -> Option<String>,
) -> Vec<Picture> {
    let mut inside = 0;
    let picture = |figure: &Figure| {
        let stem = figure.file.strip_suffix(".svg").unwrap_or(&figure.file);
        let link = |group: &String| Some(Link { stem: group.clone(), words: words(group)? });
        Picture {
            id: format!("figure-{stem}"),
            title: figure.title.clone(),
            caption: figure.caption.clone(),
            broad: width(&figure.svg).is_some_and(|width| width > BROAD),
            svg: inlined(figure, stem),
            file: figure.file.clone(),
            data: figure.data.as_deref().map(|csv| data(csv, stem, &mut inside)),
            rows: figure.groups.iter().filter_map(link).collect(),
            again: again.to_owned(),
        }
    };
    figures.iter().map(picture).collect()
}

fn data(csv: &str, stem: &str, inside: &mut usize) -> Data {
    let file = format!("{stem}.csv");
    let fits = csv.len() <= LARGEST_INSIDE && *inside + csv.len() <= ALL_INSIDE;
    let href = if fits {
        *inside += csv.len();
        format!("data:text/csv;charset=utf-8;base64,{}", BASE64.encode(csv.as_bytes()))
    } else {
        file.clone()
    };
    Data { href, file }
}

/// The natural width of a drawing, in pixels.
fn width(svg: &str) -> Option<u32> {
    let (_, rest) = svg.split_once(" width=\"")?;
    rest.split_once('"')?.0.parse().ok()
}

/// The drawing without its prolog and with a name for those who cannot see it. What it names by `id` gets the figure's
/// stem before it: several drawings share the names of one page.
fn inlined(figure: &Figure, stem: &str) -> String {
    let from = figure.svg.find("<svg").unwrap_or(0);
    let svg = compact(&figure.svg[from..]);
    let svg = svg.trim_end();
    let mut label = String::with_capacity(figure.title.len());
    // A string grows without an error.
    let _ = askama::filters::Html.write_escaped_str(&mut label, &figure.title);
    let svg = svg.replacen("<svg", &format!("<svg aria-label=\"{label}\""), 1);
    let mine = |svg: String, before: &str| svg.replace(before, &format!("{before}{stem}-"));
    // The figures write these only where they mean them: in text, `"` is an entity and `(` follows no `url`.
    let svg = mine(svg, " id=\"");
    let svg = mine(svg, "=\"url(#");
    mine(svg, "href=\"#")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(svg: &str) -> Figure {
        Figure {
            file: "cost-a.svg".into(),
            title: "<a> \"b\"".into(),
            caption: String::new(),
            svg: svg.into(),
            data: None,
            groups: Vec::new(),
        }
    }

    #[test]
    fn drawings_have_a_name_and_ids_of_their_own() {
        let svg = inlined(
            &figure(
                "<?xml version=\"1.0\"?>\n<svg role=\"img\"><g id=\"x\"/><use href=\"#x\" clip-path=\"url(#x)\"/></svg>\n",
            ),
            "cost-a",
        );
        assert_eq!(
            svg,
            "<svg aria-label=\"&#60;a&#62; &#34;b&#34;\" role=\"img\"><g id=\"cost-a-x\"/>\
             <use href=\"#cost-a-x\" clip-path=\"url(#cost-a-x)\"/></svg>"
        );
    }

    #[test]
    fn data_travel_in_the_page_until_they_weigh_too_much() {
        let mut inside = 0;
        assert_eq!(
            data("a,b\n", "f", &mut inside).href,
            "data:text/csv;charset=utf-8;base64,YSxiCg=="
        );
        let large = "x".repeat(200 << 10);
        let hrefs = [(); 3].map(|()| data(&large, "f", &mut inside).href);
        assert!(hrefs[0].starts_with("data:") && hrefs[1].starts_with("data:"));
        assert_eq!(hrefs[2], "f.csv");
        assert_eq!(data(&"x".repeat(300 << 10), "g", &mut 0).href, "g.csv");
    }
}
